package io.flotilla.cluster.suite;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the power of mounted disks at once, by the ioctl that ext4 and xfs have for it: everything that was not synced is
 * dropped, journal included, and every access fails until the disk is mounted again. Java has no ioctl, so a process of
 * Perl stands by with its hand on the switch.
 */
public final class PowerSwitch implements AutoCloseable {
    /** FS_IOC_SHUTDOWN with FS_SHUTDOWN_FLAGS_NOLOGFLUSH. */
    private static final String SCRIPT = """
            use strict; use Fcntl; $| = 1;
            my @disks = map { sysopen(my $disk, $_, O_RDONLY) or die "cannot open $_: $!"; $disk } @ARGV;
            print "armed\n";
            <STDIN>;
            for my $disk (@disks) {
                my $flag = pack('I', 2);
                ioctl($disk, 0x8004587d, $flag) or die "cannot cut the power: $!";
            }
            print "cut\n";
            """;

    private final Process process;
    private final BufferedReader answers;

    private PowerSwitch(Process process) {
        this.process = process;
        this.answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /**
     * Makes ready to cut the power of all these disks. The caller closes the switch, whether it was used or not.
     *
     * @throws IOException if there is no Perl, or a disk cannot be opened
     */
    public static PowerSwitch arm(List<Path> mountPoints) throws IOException {
        List<String> command = new ArrayList<>(List.of("perl", "-e", SCRIPT));
        mountPoints.forEach(mountPoint -> command.add(mountPoint.toString()));
        PowerSwitch armed = new PowerSwitch(
                new ProcessBuilder(command).redirectErrorStream(true).start());
        armed.expect("armed");
        return armed;
    }

    /** Returns when the power is off. */
    public void cut() throws IOException {
        process.getOutputStream().write('\n');
        process.getOutputStream().flush();
        expect("cut");
    }

    private void expect(String answer) throws IOException {
        @Nullable String line = answers.readLine();
        if (!answer.equals(line)) {
            process.destroyForcibly();
            throw new IOException("the power switch said '" + line + "', expected '" + answer + "'");
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
