package io.flotilla.chaos.run;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class JvmHeapTest {
    @Test
    void shouldAddUpGenerations() {
        String serial = """
            1234:
             def new generation   total 59008K, used 2112K [0x00000000f0000000, 0x00000000f4000000)
              eden space 52480K,   4% used [0x00000000f0000000, 0x00000000f0210100, 0x00000000f3340000)
             tenured generation   total 131072K, used 20480K [0x00000000f8000000, 0x0000000100000000)
               the space 131072K,  15% used [0x00000000f8000000, 0x00000000f9400000)
             Metaspace       used 60000K, committed 60500K, reserved 1114112K
              class space    used 7000K, committed 7200K, reserved 1048576K
            """;

        assertThat(JvmHeap.usedBytes(serial)).hasValue((2_112L + 20_480L) << 10);
    }

    @Test
    void shouldReadG1() {
        String g1 = """
            1234:
             garbage-first heap   total 393216K, used 23910K [0x00000000e8000000, 0x0000000100000000)
              region size 1024K, 1 young (1024K), 0 survivors (0K)
             Metaspace       used 60000K, committed 60500K, reserved 1114112K
              class space    used 7000K, committed 7200K, reserved 1048576K
            """;

        assertThat(JvmHeap.usedBytes(g1)).hasValue(23_910L << 10);
    }

    @Test
    void shouldFindNothingInOtherText() {
        assertThat(JvmHeap.usedBytes("1234:\n")).isEmpty();
    }
}
