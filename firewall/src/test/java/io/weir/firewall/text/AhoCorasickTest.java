package io.weir.firewall.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.firewall.testing.Luck;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class AhoCorasickTest {
  private static String text(SplittableRandom random, int letters, int length) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append((char) ('A' + random.nextInt(letters) + (random.nextBoolean() ? 32 : 0)));
    }
    return text.toString();
  }

  private static void compare(int texts, int letters, int longest, int rounds) {
    long seed = Luck.seed();
    SplittableRandom random = new SplittableRandom(seed);
    for (int round = 0; round < rounds; round++) {
      boolean ignoreCase = random.nextBoolean();
      Map<String, int[]> wanted = new HashMap<>();
      for (int i = 0; i < texts; i++) {
        String text = text(random, letters, random.nextInt(1, longest + 1));
        wanted.putIfAbsent(ignoreCase ? text.toLowerCase(Locale.ROOT) : text, new int[] {i});
      }
      AhoCorasick automaton = new AhoCorasick(wanted, ignoreCase);
      for (int i = 0; i < 50; i++) {
        String text = text(random, letters + 1, random.nextInt(60));
        String compared = ignoreCase ? text.toLowerCase(Locale.ROOT) : text;
        Set<Integer> expected = new HashSet<>();
        wanted.forEach((word, numbers) -> {
          if (compared.contains(word)) {
            expected.add(numbers[0]);
          }
        });
        Set<Integer> found = new HashSet<>();
        char[] chars = ("?" + text + "?").toCharArray();
        automaton.scan(chars, 1, chars.length - 1, found::add);
        assertThat(found).as("seed %d, %s in %s", seed, wanted.keySet(), text).isEqualTo(expected);
        assertThat(automaton.occursIn(chars, 1, chars.length - 1)).isEqualTo(!expected.isEmpty());
      }
    }
  }

  @Test
  void findsWhatASearchForEachTextFinds() {
    compare(8, 3, 6, 200);
  }

  @Test
  void statesWithoutARowFindTheSame() {
    compare(20_000, 20, 30, 2); // more states than rows fit
  }

  @Test
  void whatEndsTogetherIsToldTogether() {
    Map<String, int[]> texts = new HashMap<>();
    for (int i = 1; i <= 300; i++) {
      texts.put("a".repeat(i), new int[] {i, -i});
    }
    Set<Integer> found = new HashSet<>();
    new AhoCorasick(texts, false).scan("ba".repeat(2).toCharArray(), 0, 4, found::add);
    assertThat(found).containsExactlyInAnyOrder(1, -1);
    new AhoCorasick(texts, false).scan("a".repeat(300).toCharArray(), 0, 300, found::add);
    assertThat(found).hasSize(600);
  }

  @Test
  void nothingIsFoundByNothing() {
    AhoCorasick automaton = new AhoCorasick(Map.of(), false);
    assertThat(automaton.occursIn("a\u0000".toCharArray(), 0, 2)).isFalse();
  }

  @Test
  void everyByteCanBeTold() {
    Map<String, int[]> bytes = new HashMap<>();
    for (int c = 0; c < 256; c++) {
      bytes.put("" + (char) c, new int[] {c});
    }
    AhoCorasick automaton = new AhoCorasick(bytes, false);
    for (int c = 0; c < 256; c++) {
      Set<Integer> found = new HashSet<>();
      automaton.scan(new char[] {(char) c, '\u4e00'}, 0, 2, found::add);
      assertThat(found).containsExactly(c);
    }
  }
}
