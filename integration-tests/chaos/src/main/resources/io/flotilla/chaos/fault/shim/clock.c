/* The wall clock as rules want it. Clocks that only measure what has passed, and waits, are left alone. */
#include "shim.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define SECOND_NS 1000000000LL
#define MILLI_NS 1000000LL
/* A deadline beyond is one of the wall clock: no machine has run for so long. */
#define LONGEST_UPTIME_S 1000000000L

static int (*next_gettime)(clockid_t, struct timespec *);
static int (*next_wait)(pthread_cond_t *, pthread_mutex_t *, const struct timespec *);

__attribute__((constructor)) static void begin(void) {
    next_gettime = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
    /* There are two of that name; the older one knows other condition variables. */
    void *found = dlvsym(RTLD_NEXT, "pthread_cond_timedwait", "GLIBC_2.3.2");
    if (!found) found = dlsym(RTLD_NEXT, "pthread_cond_timedwait");
    next_wait = (int (*)(pthread_cond_t *, pthread_mutex_t *, const struct timespec *))found;
}

static int real_gettime(clockid_t id, struct timespec *time) {
    return next_gettime ? next_gettime(id, time) : (int)syscall(SYS_clock_gettime, id, time);
}

/* How far the wall clock is ahead at a real time, both in nanoseconds. */
static int64_t ahead(const struct rule *rule, int64_t now) {
    if (rule->action == RATE) {
        int64_t since = atoll(rule->pattern) * MILLI_NS;
        return now > since ? (int64_t)((double)(now - since) * ((double)rule->value / 100 - 1)) : 0;
    }
    if (rule->delay_us && now / 1000 / rule->delay_us % 2) return 0;
    return rule->value * MILLI_NS;
}

static int64_t nanos(const struct timespec *time) { return time->tv_sec * SECOND_NS + time->tv_nsec; }

static void set(struct timespec *time, int64_t value) {
    time->tv_sec = value / SECOND_NS;
    time->tv_nsec = value % SECOND_NS;
}

static int is_wall_clock(clockid_t id) { return id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE || id == CLOCK_TAI; }

int clock_gettime(clockid_t id, struct timespec *time) {
    int result = real_gettime(id, time);
    if (result != 0 || !is_wall_clock(id)) return result;
    const struct rule *rule = clock_rule();
    if (rule) {
        set(time, nanos(time) + ahead(rule, nanos(time)));
        count(rule);
    }
    return 0;
}

int gettimeofday(struct timeval *restrict time, void *restrict zone) {
    struct timespec now;
    (void)zone;
    if (clock_gettime(CLOCK_REALTIME, &now) != 0) return -1;
    time->tv_sec = now.tv_sec;
    time->tv_usec = now.tv_nsec / 1000;
    return 0;
}

time_t time(time_t *into) {
    struct timespec now;
    if (clock_gettime(CLOCK_REALTIME, &now) != 0) return -1;
    if (into) *into = now.tv_sec;
    return now.tv_sec;
}

/* A deadline that was reckoned by the wall clock is one by the kernel's again, so that the wait is as long as was meant. */
int pthread_cond_timedwait(
        pthread_cond_t *restrict condition, pthread_mutex_t *restrict mutex, const struct timespec *restrict deadline) {
    const struct rule *rule = deadline->tv_sec > LONGEST_UPTIME_S ? clock_rule() : NULL;
    struct timespec now, real;
    if (!rule || real_gettime(CLOCK_REALTIME, &now) != 0) return next_wait(condition, mutex, deadline);
    int64_t until = nanos(deadline) - ahead(rule, nanos(&now));
    set(&real, until > 0 ? until : 0);
    return next_wait(condition, mutex, &real);
}
