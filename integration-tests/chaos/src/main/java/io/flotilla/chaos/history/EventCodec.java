package io.flotilla.chaos.history;

import io.flotilla.chaos.history.Event.AdminCompleted;
import io.flotilla.chaos.history.Event.AdminInvoked;
import io.flotilla.chaos.history.Event.Assigned;
import io.flotilla.chaos.history.Event.BoundRead;
import io.flotilla.chaos.history.Event.ClientStuck;
import io.flotilla.chaos.history.Event.CommitCompleted;
import io.flotilla.chaos.history.Event.CommitInvoked;
import io.flotilla.chaos.history.Event.CommittedRead;
import io.flotilla.chaos.history.Event.FaultStep;
import io.flotilla.chaos.history.Event.FinalBounds;
import io.flotilla.chaos.history.Event.FinalRead;
import io.flotilla.chaos.history.Event.LeaderSeen;
import io.flotilla.chaos.history.Event.LogComplaint;
import io.flotilla.chaos.history.Event.MetricRead;
import io.flotilla.chaos.history.Event.NodeExited;
import io.flotilla.chaos.history.Event.NodeStarted;
import io.flotilla.chaos.history.Event.PhaseBegan;
import io.flotilla.chaos.history.Event.Polled;
import io.flotilla.chaos.history.Event.PositionSet;
import io.flotilla.chaos.history.Event.ProducerOpened;
import io.flotilla.chaos.history.Event.ResourcesRead;
import io.flotilla.chaos.history.Event.Revoked;
import io.flotilla.chaos.history.Event.RunStarted;
import io.flotilla.chaos.history.Event.SendCompleted;
import io.flotilla.chaos.history.Event.SendInvoked;
import io.flotilla.chaos.history.Event.TopicUsed;
import io.flotilla.chaos.history.Event.TrimCompleted;
import io.flotilla.chaos.history.Event.TrimInvoked;
import io.flotilla.chaos.history.Event.VoteSeen;
import java.util.Locale;

/** How every kind of event is written as a line, and read; the table of keys is in the package's description. */
final class EventCodec {
    private final LineFields fields = new LineFields();

    /** Appends one line. */
    static void write(Event event, LineBuilder out) {
        // The frequent kinds come first.
        if (event instanceof SendInvoked e) {
            out.begin("send", e.nanos())
                    .number('i', e.op())
                    .number('p', e.process())
                    .place('k', e.place());
            out.number('w', e.producer()).number('q', e.sequence()).number('b', e.bytes());
        } else if (event instanceof SendCompleted e) {
            out.begin("sent", e.nanos()).number('i', e.op()).number('p', e.process());
            outcome(e.outcome(), e.error(), out).number('o', e.offset());
        } else if (event instanceof Polled e) {
            out.begin("poll", e.nanos()).number('s', e.startNanos()).number('c', e.consumer());
            out.place('k', e.place()).records('v', e.records());
        } else if (event instanceof FinalRead e) {
            out.begin("final", e.nanos())
                    .place('k', e.place())
                    .number('n', e.node())
                    .records('v', e.records());
        } else if (event instanceof CommitInvoked e) {
            out.begin("commit", e.nanos())
                    .number('i', e.op())
                    .text('g', e.group())
                    .number('c', e.consumer());
            out.number('G', e.generation()).place('k', e.place()).number('o', e.offset());
        } else if (event instanceof CommitCompleted e) {
            out.begin("committed", e.nanos())
                    .number('i', e.op())
                    .text('g', e.group())
                    .number('c', e.consumer());
            outcome(e.outcome(), e.error(), out);
        } else if (event instanceof BoundRead e) {
            out.begin("bound", e.nanos()).number('s', e.startNanos()).number('p', e.process());
            out.place('k', e.place()).flag('z', e.end()).number('o', e.offset());
        } else if (event instanceof PositionSet e) {
            out.begin("position", e.nanos()).number('c', e.consumer()).place('k', e.place());
            out.number('o', e.offset());
        } else if (event instanceof CommittedRead e) {
            out.begin("group", e.nanos()).number('s', e.startNanos()).number('p', e.process());
            out.text('g', e.group()).place('k', e.place()).number('o', e.offset());
        } else if (event instanceof MetricRead e) {
            out.begin("metric", e.nanos())
                    .number('s', e.startNanos())
                    .number('n', e.node())
                    .text('M', e.metric());
            out.place('k', e.place()).number('Z', e.value());
        } else {
            writeRare(event, out);
        }
        out.end();
    }

    private static void writeRare(Event event, LineBuilder out) {
        if (event instanceof RunStarted e) {
            out.begin("run", e.nanos())
                    .number('f', e.format())
                    .number('S', e.seed())
                    .text('P', e.profile());
            out.number('B', e.brokers()).map('m', e.settings());
        } else if (event instanceof PhaseBegan e) {
            out.begin("phase", e.nanos()).text('h', e.phase());
        } else if (event instanceof TopicUsed e) {
            out.begin("topic", e.nanos()).text('y', e.topic()).number('N', e.partitions());
            out.number('R', e.replicas()).map('m', e.settings());
        } else if (event instanceof ProducerOpened e) {
            out.begin("producer", e.nanos()).number('p', e.process()).number('w', e.producer());
            out.flag('d', e.idempotent());
        } else if (event instanceof TrimInvoked e) {
            out.begin("trim", e.nanos())
                    .number('i', e.op())
                    .number('p', e.process())
                    .place('k', e.place());
            out.number('o', e.offset());
        } else if (event instanceof TrimCompleted e) {
            out.begin("trimmed", e.nanos()).number('i', e.op()).number('p', e.process());
            outcome(e.outcome(), e.error(), out);
        } else if (event instanceof Assigned e) {
            out.begin("assigned", e.nanos()).text('g', e.group()).number('c', e.consumer());
            out.number('G', e.generation()).places('K', e.places());
        } else if (event instanceof Revoked e) {
            out.begin("revoked", e.nanos()).text('g', e.group()).number('c', e.consumer());
            out.number('G', e.generation()).places('K', e.places()).flag('l', e.lost());
        } else if (event instanceof AdminInvoked e) {
            out.begin("admin", e.nanos())
                    .number('i', e.op())
                    .number('p', e.process())
                    .text('C', e.call());
            out.text('y', e.topic()).text('V', e.value());
        } else if (event instanceof AdminCompleted e) {
            out.begin("answer", e.nanos()).number('i', e.op()).number('p', e.process());
            outcome(e.outcome(), e.error(), out).text('V', e.value());
        } else if (event instanceof FinalBounds e) {
            out.begin("bounds", e.nanos()).place('k', e.place()).number('n', e.node());
            out.number('L', e.logStart()).number('E', e.logEnd()).text('D', e.digest());
        } else if (event instanceof FaultStep e) {
            out.begin("fault", e.nanos())
                    .number('j', e.episode())
                    .text('F', e.fault())
                    .text('h', e.phase());
            out.numbers('u', e.nodes()).map('m', e.parameters()).text('a', e.detail());
        } else if (event instanceof LeaderSeen e) {
            out.begin("leader", e.nanos())
                    .place('k', e.place())
                    .number('T', e.term())
                    .number('n', e.node());
        } else if (event instanceof VoteSeen e) {
            out.begin("vote", e.nanos())
                    .place('k', e.place())
                    .number('T', e.term())
                    .number('n', e.node());
            out.number('A', e.candidate());
        } else if (event instanceof NodeStarted e) {
            out.begin("started", e.nanos()).number('n', e.node());
        } else if (event instanceof NodeExited e) {
            out.begin("exited", e.nanos())
                    .number('n', e.node())
                    .number('X', e.code())
                    .flag('Y', e.expected());
        } else if (event instanceof LogComplaint e) {
            out.begin("complaint", e.nanos()).number('n', e.node()).text('a', e.line());
        } else if (event instanceof ResourcesRead e) {
            out.begin("resources", e.nanos()).number('n', e.node()).number('U', e.descriptors());
            out.number('W', e.threads()).number('H', e.heapBytes()).number('O', e.diskBytes());
        } else if (event instanceof ClientStuck e) {
            out.begin("stuck", e.nanos())
                    .number('p', e.process())
                    .text('a', e.thread())
                    .number('s', e.seconds());
        } else {
            throw new IllegalArgumentException("no line is defined for " + event);
        }
    }

    private static LineBuilder outcome(Outcome outcome, String error, LineBuilder out) {
        out.text('r', outcome.name().toLowerCase(Locale.ROOT));
        return error.isEmpty() ? out : out.text('x', error);
    }

    /** @throws IllegalArgumentException if the line is no event, and why */
    Event read(byte[] line, int from, int to) {
        fields.read(line, from, to);
        var f = fields;
        long t = f.number('t');
        String kind = f.text('e');
        return switch (kind) {
            case "send" ->
                new SendInvoked(
                        t, f.number('i'), process(), place(), f.smallNumber('w'), f.number('q'), f.smallNumber('b'));
            case "sent" -> new SendCompleted(t, f.number('i'), process(), outcome(), f.number('o'), error());
            case "poll" -> new Polled(t, f.number('s'), consumer(), place(), f.records('v'));
            case "final" -> new FinalRead(t, place(), node(), f.records('v'));
            case "commit" ->
                new CommitInvoked(t, f.number('i'), group(), consumer(), f.smallNumber('G'), place(), f.number('o'));
            case "committed" -> new CommitCompleted(t, f.number('i'), group(), consumer(), outcome(), error());
            case "bound" -> new BoundRead(t, f.number('s'), process(), place(), f.flag('z'), f.number('o'));
            case "position" -> new PositionSet(t, consumer(), place(), f.number('o'));
            case "group" -> new CommittedRead(t, f.number('s'), process(), group(), place(), f.number('o'));
            case "metric" -> new MetricRead(t, f.number('s'), node(), f.text('M'), place(), f.fraction('Z'));
            default -> readRare(kind, t);
        };
    }

    private Event readRare(String kind, long t) {
        var f = fields;
        return switch (kind) {
            case "run" -> new RunStarted(t, format(), f.number('S'), f.text('P'), f.smallNumber('B'), f.map('m'));
            case "phase" -> new PhaseBegan(t, f.text('h'));
            case "topic" -> new TopicUsed(t, f.text('y'), f.smallNumber('N'), f.smallNumber('R'), f.map('m'));
            case "producer" -> new ProducerOpened(t, process(), f.smallNumber('w'), f.flag('d'));
            case "trim" -> new TrimInvoked(t, f.number('i'), process(), place(), f.number('o'));
            case "trimmed" -> new TrimCompleted(t, f.number('i'), process(), outcome(), error());
            case "assigned" -> new Assigned(t, group(), consumer(), f.smallNumber('G'), f.places('K'));
            case "revoked" -> new Revoked(t, group(), consumer(), f.smallNumber('G'), f.places('K'), f.flag('l'));
            case "admin" -> new AdminInvoked(t, f.number('i'), process(), f.text('C'), f.text('y'), f.text('V'));
            case "answer" -> new AdminCompleted(t, f.number('i'), process(), outcome(), f.text('V'), error());
            case "bounds" -> new FinalBounds(t, place(), node(), f.number('L'), f.number('E'), f.text('D'));
            case "fault" ->
                new FaultStep(t, f.smallNumber('j'), f.text('F'), f.text('h'), f.numbers('u'), f.map('m'), f.text('a'));
            case "leader" -> new LeaderSeen(t, place(), f.smallNumber('T'), node());
            case "vote" -> new VoteSeen(t, place(), f.smallNumber('T'), node(), f.smallNumber('A'));
            case "started" -> new NodeStarted(t, node());
            case "exited" -> new NodeExited(t, node(), f.smallNumber('X'), f.flag('Y'));
            case "complaint" -> new LogComplaint(t, node(), f.text('a'));
            case "resources" ->
                new ResourcesRead(t, node(), f.number('U'), f.number('W'), f.number('H'), f.number('O'));
            case "stuck" -> new ClientStuck(t, process(), f.text('a'), f.number('s'));
            default -> throw new IllegalArgumentException("there is no kind of line '" + kind + "'");
        };
    }

    private int format() {
        int format = fields.smallNumber('f');
        if (format != RunStarted.FORMAT) {
            throw new IllegalArgumentException("the history has format " + format + ", this judge reads "
                    + RunStarted.FORMAT + ": take the harness of the version that wrote it");
        }
        return format;
    }

    private Place place() {
        return fields.place('k');
    }

    private int process() {
        return fields.smallNumber('p');
    }

    private int consumer() {
        return fields.smallNumber('c');
    }

    private int node() {
        return fields.smallNumber('n');
    }

    private String group() {
        return fields.text('g');
    }

    private String error() {
        return fields.textOrEmpty('x');
    }

    private Outcome outcome() {
        String text = fields.text('r');
        return switch (text) {
            case "ok" -> Outcome.OK;
            case "fail" -> Outcome.FAIL;
            case "info" -> Outcome.INFO;
            default -> throw new IllegalArgumentException("an outcome is ok, fail or info, not '" + text + "'");
        };
    }
}
