package io.weir.core.proxyprotocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.weir.core.proxyprotocol.ProxyHeaderReader.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Every input of the corpus and many made from them: nothing throws, and bytes decide once.
 *
 * <p>A header that is complete or malformed stays so whatever follows, and is it in no shorter
 * piece than the one that showed it: else the way in which packets are cut would choose a client's
 * address. To keep an input that once failed, put it into the folder.
 */
class ProxyHeaderFuzzTest {
  private static final Path CORPUS = Path.of("src/test/fuzz/ProxyHeader");
  private static final int ROUNDS = 20_000;

  private static List<byte[]> corpus() throws IOException {
    List<byte[]> inputs = new ArrayList<>();
    try (Stream<Path> files = Files.list(CORPUS)) {
      for (Path file : files.sorted().toList()) {
        inputs.add(Files.readAllBytes(file));
      }
    }
    assertThat(inputs).hasSizeGreaterThan(20);
    return inputs;
  }

  @Test
  void everyInputOfTheCorpusDecidesOnce() throws IOException {
    for (byte[] input : corpus()) {
      decidesOnce(input, "corpus");
    }
  }

  @Test
  void everyMutationDecidesOnce() throws IOException {
    long seed = Long.getLong("seed", new SplittableRandom().nextLong());
    SplittableRandom random = new SplittableRandom(seed);
    List<byte[]> inputs = corpus();
    for (int round = 0; round < ROUNDS; round++) {
      byte[] input = mutated(inputs.get(random.nextInt(inputs.size())), inputs, random);
      decidesOnce(input, "seed " + seed + ", round " + round);
    }
  }

  private static byte[] mutated(byte[] from, List<byte[]> inputs, SplittableRandom random) {
    byte[] input = from.clone();
    for (int changes = random.nextInt(1, 5); changes > 0; changes--) {
      int at = random.nextInt(input.length);
      switch (random.nextInt(5)) {
        case 0 -> input[at] = (byte) random.nextInt();
        case 1 -> input[at] ^= (byte) (1 << random.nextInt(8));
        case 2 -> input = Arrays.copyOf(input, Math.max(1, at));
        case 3 -> input = Arrays.copyOf(input, input.length + random.nextInt(300));
        default -> {
          byte[] other = inputs.get(random.nextInt(inputs.size()));
          int length = random.nextInt(Math.min(other.length, input.length - at) + 1);
          System.arraycopy(other, 0, input, at, length);
        }
      }
    }
    return input;
  }

  public static void fuzzerTestOneInput(byte[] input) {
    decidesOnce(input, "fuzzer");
  }

  private static void decidesOnce(byte[] input, String which) {
    Result last = Result.INCOMPLETE;
    // Every length for what is short; of long inputs the beginning, and steps.
    for (int length = 0; length <= input.length; length += length < 130 ? 1 : 97) {
      Result result = ProxyHeaderReader.read(Unpooled.wrappedBuffer(input, 0, length));
      if (!last.equals(Result.INCOMPLETE)) {
        assertThat(result).as("%s, %d bytes", which, length).isEqualTo(last);
      }
      if (result instanceof Result.Complete complete) {
        assertThat(complete.length()).as("%s, %d bytes", which, length).isLessThanOrEqualTo(length);
      }
      last = result;
    }
  }
}
