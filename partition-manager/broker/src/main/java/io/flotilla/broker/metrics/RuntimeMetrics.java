package io.flotilla.broker.metrics;

import static io.flotilla.broker.metrics.MetricDescription.Kind.COUNTER;
import static io.flotilla.broker.metrics.MetricDescription.Kind.GAUGE;
import static io.flotilla.broker.metrics.MetricDescription.Kind.SUMMARY;

import io.flotilla.broker.metrics.MetricDescription.Kind;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import java.util.List;

/** The metrics of the JVM and its process, which Micrometer brings under names that dashboards know. */
public final class RuntimeMetrics implements AutoCloseable {
    /** In nanoseconds, which is no unit for a metric; {@link Metric#CPU_SECONDS} takes its place. */
    private static final String CPU_NANOSECONDS = "process.cpu.time";

    /** A gauge by the name of a histogram's part; {@link Metric#PROCESSORS} takes its place. */
    private static final String CPU_COUNT = "system.cpu.count";

    /**
     * Every one of them with G1 on Linux. Those of garbage collection exist once there was one, so they may be missing
     * shortly after the start.
     */
    public static final List<MetricDescription> ALL = List.of(
            of("jvm_memory_used_bytes", GAUGE, "bytes", "Memory in use, by pool.", "area", "id"),
            of("jvm_memory_committed_bytes", GAUGE, "bytes", "Memory taken from the system, by pool.", "area", "id"),
            of("jvm_memory_max_bytes", GAUGE, "bytes", "Largest size of a pool, -1 for no limit.", "area", "id"),
            of("jvm_buffer_count_buffers", GAUGE, "1", "Buffers outside the heap, by pool.", "id"),
            of("jvm_buffer_memory_used_bytes", GAUGE, "bytes", "Memory of these buffers.", "id"),
            of("jvm_buffer_total_capacity_bytes", GAUGE, "bytes", "Capacity of these buffers.", "id"),
            of("jvm_gc_pause_seconds", SUMMARY, "seconds", "Pauses for garbage collection.", "action", "cause", "gc"),
            of(
                    "jvm_gc_concurrent_phase_time_seconds",
                    SUMMARY,
                    "seconds",
                    "Phases of garbage collection beside the program.",
                    "action",
                    "cause",
                    "gc"),
            of("jvm_gc_memory_allocated_bytes_total", COUNTER, "bytes", "Memory allocated on the heap."),
            of("jvm_gc_memory_promoted_bytes_total", COUNTER, "bytes", "Memory that reached the old generation."),
            of("jvm_gc_live_data_size_bytes", GAUGE, "bytes", "Old generation after it was last collected."),
            of("jvm_gc_max_data_size_bytes", GAUGE, "bytes", "Largest size of the old generation."),
            of("jvm_threads_live_threads", GAUGE, "1", "Threads."),
            of("jvm_threads_daemon_threads", GAUGE, "1", "Threads that do not keep the process alive."),
            of("jvm_threads_peak_threads", GAUGE, "1", "Most threads there were."),
            of("jvm_threads_started_threads_total", COUNTER, "1", "Threads ever started."),
            of("jvm_threads_states_threads", GAUGE, "1", "Threads by state.", "state"),
            of("system_cpu_usage", GAUGE, "1", "Part of the machine's processor time in use, 0 to 1."),
            of("system_load_average_1m", GAUGE, "1", "Tasks that run or wait to, over the last minute."),
            of("process_cpu_usage", GAUGE, "1", "Part of the machine's processor time that this process uses, 0 to 1."),
            of("process_files_open_files", GAUGE, "1", "Open files and connections."),
            of("process_files_max_files", GAUGE, "1", "As many may be open."),
            of("process_uptime_seconds", GAUGE, "seconds", "Age of this process."),
            of("process_start_time_seconds", GAUGE, "seconds", "Its start, in seconds since 1970."));

    /** Names of those that exist only once garbage was collected. */
    public static final List<String> AFTER_A_COLLECTION =
            List.of("jvm_gc_pause_seconds", "jvm_gc_concurrent_phase_time_seconds");

    private final JvmGcMetrics collections = new JvmGcMetrics();

    private RuntimeMetrics() {}

    private static MetricDescription of(String name, Kind kind, String unit, String help, String... labels) {
        return new MetricDescription(name, kind, unit, List.of(labels), help);
    }

    /** The owner closes it: the JVM tells it of collections. */
    static RuntimeMetrics bind(MeterRegistry registry) {
        registry.config()
                .meterFilter(MeterFilter.denyNameStartsWith(CPU_NANOSECONDS))
                .meterFilter(MeterFilter.denyNameStartsWith(CPU_COUNT));
        RuntimeMetrics metrics = new RuntimeMetrics();
        metrics.collections.bindTo(registry);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        return metrics;
    }

    @Override
    public void close() {
        collections.close();
    }
}
