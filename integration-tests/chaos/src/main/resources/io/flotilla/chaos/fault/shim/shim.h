/*
 * Makes calls of a broker fail, wait, lie, stop half way, or see another time. Loaded by LD_PRELOAD; FLOTILLA_SHIM names
 * a folder with two files: "rules", read again whenever the generation in "counters" has changed, and "counters", mapped
 * into memory: the generation, then for each slot how often its rule has fired. Without rules a call costs one load.
 *
 * A line of "rules", written by ShimRules: slot op action value probability delay_us hits_max pattern
 *   op        sync, write, read, open, create, rename, resize, grow, space, clock
 *   action    wait: nothing else; fail: errno is value; lie: success and nothing done; tear: half of the bytes, down to a
 *             multiple of value, then SIGKILL; room: value KiB are free; jump: the wall clock is value ms ahead, with a
 *             delay only in every other period as long; rate: since the time in the pattern, in ms since 1970, the wall
 *             clock has run at value percent of its speed
 *   hits_max  0 for no limit
 *   pattern   of the whole path, as of fnmatch, where * matches slashes too
 */
#ifndef FLOTILLA_SHIM_H
#define FLOTILLA_SHIM_H

#define _GNU_SOURCE
#include <limits.h>
#include <stdint.h>

enum { SLOTS = 64 };
enum op { SYNC, WRITE, READ, OPEN, CREATE, RENAME, RESIZE, GROW, SPACE, CLOCK, OPS };
enum action { WAIT, FAIL, LIE, TEAR, ROOM, JUMP, RATE, ACTIONS };

struct rule {
    int slot, op, action;
    long value, delay_us;
    unsigned long hits_max;
    double probability;
    char pattern[PATH_MAX];
};

/* The rule that strikes a call for a file, after its delay; null if none does, or those that do only wait.
   The path is found by the descriptor if it is null. */
const struct rule *strike(enum op op, int fd, const char *path);

/* The newest rule for the clock; null if there is none. */
const struct rule *clock_rule(void);

/* Counts one use of a rule without a limit. */
void count(const struct rule *rule);

#endif
