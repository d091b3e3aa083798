# Holds back packets that the kernel's filter has put into queues (NFQUEUE), each for a while, and lets them go on.
# Arguments: numbers of queues. Standard input: lines "QUEUE DELAY JITTER RATE": microseconds, microseconds, and bytes a
# second or 0; from then on that goes for the queue. Says "ready" once, and "ok" after each line. Ends with its input.
use strict;
use warnings;
$| = 1;

use constant { AF_NETLINK => 16, SOCK_RAW => 3, NETLINK_NETFILTER => 12 };
use constant { PACKET => 0x300, VERDICT => 0x301, CONFIG => 0x302, REQUEST => 1, ERROR => 2 };
use constant { SYS_CLOCK_GETTIME => 228, CLOCK_MONOTONIC => 1 };
use constant { COPY_BYTES => 64, MAXLEN => 65_000, HELD_MAX => 60_000, SEGMENTS_OFFLOADED => 4 };

sub now {
    my $time = "\0" x 16;
    syscall(SYS_CLOCK_GETTIME, CLOCK_MONOTONIC, $time) == 0 or die "no clock: $!";
    my ($seconds, $nanos) = unpack('q2', $time);
    return $seconds * 1e6 + $nanos / 1e3;
}

socket(my $netlink, AF_NETLINK, SOCK_RAW, NETLINK_NETFILTER) or die "no netlink socket: $!";
bind($netlink, pack('S S L L', AF_NETLINK, 0, 0, 0)) or die "cannot bind: $!";
setsockopt($netlink, 1, 33, pack('i', 8 << 20)); # SO_RCVBUFFORCE

sub attribute { my ($type, $value) = @_;
    my $padding = "\0" x (-length($value) & 3);
    return pack('S S', 4 + length $value, $type) . $value . $padding;
}

sub message { my ($type, $queue, $attributes) = @_;
    return pack('L S S L L C C n', 20 + length $attributes, $type, REQUEST, 0, 0, 0, 0, $queue) . $attributes;
}

sub tell_kernel { send($netlink, $_[0], 0) or die "cannot send to the kernel: $!" }

my (%rule, %free);
for my $queue (@ARGV) {
    tell_kernel(message(CONFIG, $queue, attribute(1, pack('C C n', 1, 0, 2)))); # bind
    tell_kernel(message(CONFIG, $queue, attribute(2, pack('N C', COPY_BYTES, 2)) . attribute(3, pack('N', MAXLEN))
        . attribute(4, pack('N', SEGMENTS_OFFLOADED)) . attribute(5, pack('N', SEGMENTS_OFFLOADED))));
    $rule{$queue} = [0, 0, 0];
    $free{$queue} = 0;
}

my @held; # [due, queue, id], the earliest last
sub hold { my ($due, $queue, $id) = @_;
    my ($low, $high) = (0, scalar @held);
    while ($low < $high) {
        my $middle = ($low + $high) >> 1;
        if ($held[$middle][0] > $due) { $low = $middle + 1 } else { $high = $middle }
    }
    splice @held, $low, 0, [$due, $queue, $id];
}

sub decide { my ($verdict, $queue, $id) = @_;
    tell_kernel(message(VERDICT, $queue, attribute(2, pack('N N', $verdict, $id))));
}

sub packet { my ($queue, $attributes) = @_;
    my ($id, $length) = (undef, 0);
    while (length($attributes) >= 4) {
        my ($size, $type) = unpack('S S', $attributes);
        last if $size < 4;
        my $value = substr($attributes, 4, $size - 4);
        $type &= 0x3fff;
        $id = unpack('N', $value) if $type == 1;
        $length = unpack('N', $value) if $type == 13;
        $length ||= length $value if $type == 10;
        my $step = ($size + 3) & ~3;
        last if $step >= length $attributes;
        $attributes = substr($attributes, $step);
    }
    return unless defined $id;
    return decide(0, $queue, $id) if @held >= HELD_MAX;
    my ($delay, $jitter, $rate) = @{ $rule{$queue} };
    my $due = now();
    if ($rate > 0) {
        $due = $free{$queue} if $free{$queue} > $due;
        $free{$queue} = $due + $length * 1e6 / $rate;
    }
    $due += $delay + ($jitter > 0 ? rand($jitter) : 0);
    hold($due, $queue, $id);
}

sub receive {
    while (defined recv($netlink, my $bytes, 1 << 17, 0x40)) { # MSG_DONTWAIT
        while (length($bytes) >= 16) {
            my ($size, $type) = unpack('L S', $bytes);
            last if $size < 16 || $size > length $bytes;
            if ($type == PACKET) {
                packet(unpack('n', substr($bytes, 18, 2)), substr($bytes, 20, $size - 20));
            } elsif ($type == ERROR) {
                my $code = -unpack('l', substr($bytes, 16, 4));
                # A queue's packets are gone when the filter's rules change: no news.
                die "the kernel refused with error $code" if $code != 0 && $code != 2;
            }
            my $step = ($size + 3) & ~3;
            last if $step >= length $bytes;
            $bytes = substr($bytes, $step);
        }
    }
}

sub release {
    my $now = now();
    while (@held && $held[-1][0] <= $now) {
        my (undef, $queue, $id) = @{ pop @held };
        decide(1, $queue, $id);
    }
}

print "ready\n";
my $input = '';
while (1) {
    my $wanted = '';
    vec($wanted, fileno(STDIN), 1) = 1;
    vec($wanted, fileno($netlink), 1) = 1;
    my $wait = @held ? ($held[-1][0] - now()) / 1e6 : undef;
    $wait = 0 if defined $wait && $wait < 0;
    select($wanted, undef, undef, $wait);
    receive();
    release();
    if (vec($wanted, fileno(STDIN), 1)) {
        my $count = sysread(STDIN, $input, 4096, length $input);
        last unless $count;
        while ($input =~ s/^(\d+) (\d+) (\d+) (\d+)\n//) {
            $rule{$1} = [$2, $3, $4];
            # What is held by an older rule need not wait longer than by the new one.
            my ($queue, $latest) = ($1, now() + $2 + $3);
            my @again = grep { $_->[1] == $queue && $_->[0] > $latest } @held;
            if (@again) {
                @held = grep { !($_->[1] == $queue && $_->[0] > $latest) } @held;
                hold($latest, $_->[1], $_->[2]) for reverse @again;
            }
            print "ok\n";
        }
    }
}
