/* The rules of the shim: where they come from, and which one strikes. */
#include "shim.h"

#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

enum { COUNTERS_BYTES = 4096, RULES_BYTES = 1 << 16 };

static const char *const OP_NAMES[OPS] = {"sync",   "write",  "read", "open",  "create",
                                           "rename", "resize", "grow", "space", "clock"};
static const char *const ACTION_NAMES[ACTIONS] = {"wait", "fail", "lie", "tear", "room", "jump", "rate"};

struct rules {
    uint64_t generation;
    unsigned ops; /* bit set of those that occur */
    int count;
    struct rule rule[SLOTS];
};

static char rules_file[PATH_MAX];
static uint64_t *counters; /* generation, hits of each slot; null until the constructor has run, and where there is no shim */
static struct rules *current;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static int index_of(const char *name, const char *const *names, int count) {
    for (int i = 0; i < count; i++)
        if (strcmp(name, names[i]) == 0) return i;
    return -1;
}

static void parse(char *text, struct rules *into) {
    char *rest = NULL;
    for (char *line = strtok_r(text, "\n", &rest); line && into->count < SLOTS; line = strtok_r(NULL, "\n", &rest)) {
        struct rule *rule = &into->rule[into->count];
        char op[16], action[16];
        int end = 0;
        if (sscanf(line, "%d %15s %15s %ld %lf %ld %lu %n", &rule->slot, op, action, &rule->value, &rule->probability,
                   &rule->delay_us, &rule->hits_max, &end) != 7)
            continue;
        rule->op = index_of(op, OP_NAMES, OPS);
        rule->action = index_of(action, ACTION_NAMES, ACTIONS);
        if (rule->op < 0 || rule->action < 0 || rule->slot < 0 || rule->slot >= SLOTS || strlen(line + end) >= PATH_MAX)
            continue;
        strcpy(rule->pattern, line + end);
        into->ops |= 1u << rule->op;
        into->count++;
    }
}

/* What was replaced may be in use by another thread and stays allocated: generations are few. */
static void reload(uint64_t generation) {
    static char text[RULES_BYTES];
    pthread_mutex_lock(&lock);
    if (!current || current->generation != generation) {
        struct rules *next = calloc(1, sizeof *next);
        int file = syscall(SYS_openat, AT_FDCWD, rules_file, O_RDONLY | O_CLOEXEC, 0);
        if (next && file >= 0) {
            ssize_t length = 0, got;
            while (length < RULES_BYTES - 1 &&
                   (got = syscall(SYS_read, file, text + length, RULES_BYTES - 1 - length)) > 0)
                length += got;
            text[length] = 0;
            parse(text, next);
        }
        if (file >= 0) syscall(SYS_close, file);
        if (next) {
            next->generation = generation;
            __atomic_store_n(&current, next, __ATOMIC_RELEASE);
        }
    }
    pthread_mutex_unlock(&lock);
}

static double draw(void) {
    static __thread uint64_t state;
    if (!state) {
        struct timespec now;
        syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &now);
        state = ((uint64_t)now.tv_nsec << 20) ^ (uint64_t)syscall(SYS_gettid) ^ 0x9e3779b97f4a7c15u;
    }
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (state >> 11) * (1.0 / 9007199254740992.0);
}

static void wait_us(long micros) {
    struct timespec left = {micros / 1000000, micros % 1000000 * 1000};
    while (clock_nanosleep(CLOCK_MONOTONIC, 0, &left, &left) == EINTR) {
    }
}

static int take_hit(const struct rule *rule) {
    uint64_t *hits = &counters[1 + rule->slot];
    uint64_t seen = __atomic_load_n(hits, __ATOMIC_RELAXED);
    do {
        if (rule->hits_max && seen >= rule->hits_max) return 0;
    } while (!__atomic_compare_exchange_n(hits, &seen, seen + 1, 0, __ATOMIC_RELAXED, __ATOMIC_RELAXED));
    return 1;
}

/* The rules of now, if there are any for this operation. */
static const struct rules *rules_for(enum op op) {
    if (!counters) return NULL;
    uint64_t generation = __atomic_load_n(counters, __ATOMIC_ACQUIRE);
    struct rules *rules = __atomic_load_n(&current, __ATOMIC_ACQUIRE);
    if (!rules || rules->generation != generation) {
        int saved = errno;
        reload(generation);
        errno = saved;
        rules = __atomic_load_n(&current, __ATOMIC_ACQUIRE);
    }
    return rules && rules->ops & 1u << op ? rules : NULL;
}

void count(const struct rule *rule) { __atomic_fetch_add(&counters[1 + rule->slot], 1, __ATOMIC_RELAXED); }

const struct rule *clock_rule(void) {
    const struct rules *rules = rules_for(CLOCK);
    for (int i = rules ? rules->count - 1 : -1; i >= 0; i--)
        if (rules->rule[i].op == CLOCK) return &rules->rule[i];
    return NULL;
}

const struct rule *strike(enum op op, int fd, const char *path) {
    const struct rules *rules = rules_for(op);
    if (!rules) return NULL;
    char name[PATH_MAX];
    int saved = errno;
    if (!path) {
        char link[40];
        snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
        ssize_t length = readlink(link, name, sizeof name - 1);
        if (length <= 0) {
            errno = saved;
            return NULL;
        }
        name[length] = 0;
        path = name;
    }
    const struct rule *striking = NULL;
    for (int i = 0; i < rules->count && !striking; i++) {
        const struct rule *rule = &rules->rule[i];
        if (rule->op == (int)op && fnmatch(rule->pattern, path, 0) == 0 &&
            (rule->probability >= 1 || draw() < rule->probability) && take_hit(rule)) {
            if (rule->delay_us) wait_us(rule->delay_us);
            if (rule->action != WAIT) striking = rule;
        }
    }
    errno = saved;
    return striking;
}

__attribute__((constructor)) static void begin(void) {
    const char *folder = getenv("FLOTILLA_SHIM");
    char file[PATH_MAX];
    if (!folder || strlen(folder) > PATH_MAX - 16) return;
    snprintf(rules_file, sizeof rules_file, "%s/rules", folder);
    snprintf(file, sizeof file, "%s/counters", folder);
    int fd = syscall(SYS_openat, AT_FDCWD, file, O_RDWR | O_CLOEXEC, 0);
    if (fd < 0) return;
    void *mapped = mmap(NULL, COUNTERS_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    syscall(SYS_close, fd);
    if (mapped != MAP_FAILED) counters = mapped;
}
