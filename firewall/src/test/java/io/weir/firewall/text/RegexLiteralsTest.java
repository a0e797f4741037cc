package io.weir.firewall.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.weir.firewall.testing.Luck;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RegexLiteralsTest {
  @ParameterizedTest
  @CsvSource({
    "select, select",
    "(?i)union\\s+select, union",
    "(?i)insert, ert",
    "^/admin/.*\\.php$, /admin/",
    "abc+de, abc",
    "ab?cd, cd",
    "(foo|barbaz), foo|barbaz",
    "x(?:foo|bar)y*, foo|bar",
    "foo|bar.baz, foo|bar",
    "\\.\\./, ../",
    "[abc]def[^x]gh, def",
    "a{2}bcd, bcd",
    "(?P<n>wp-login)\\d, wp-login",
    "[[:alpha:]]+xyz, xyz",
    "[]a]bc, bc",
  })
  void aTextOfWhichOneMustOccur(String regex, String literals) {
    assertThat(RegexLiterals.of(regex, false)).isEqualTo(List.of(literals.split("\\|")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".*",
        "a",
        "(foo)?",
        "foo|",
        "(foo|.)",
        "[foo]",
        "\\d+",
        "f?o?o?",
        "\\Qfoo\\E",
        "id{1",
        "(bar{3)",
        "a{2[}]bc",
        "abc{2(|})def",
        "[[:]",
        "[[:]abc",
        "[!-[:]x|y:]]bc",
        "ab\\x{41",
        "(?P<name",
      })
  void nothingIsSure(String regex) {
    assertThat(RegexLiterals.of(regex, false)).isNull();
  }

  @Test
  void whateverMatchesHoldsOneOfTheTexts() {
    long seed = Luck.seed();
    SplittableRandom random = new SplittableRandom(seed);
    String[] parts = {
      "a", "b", "ab", "ba", "c", ".", "[ab]", "[^a]", "(", ")", "(?:", "|", "*", "+", "?", "{2}",
      "{0,1}", "\\.", "\\d", "^", "$", "(?i)", "*?", "\\x61", "[]b]", "(?P<x>", "{", "}", "[", "]",
      "{2", "{1,", ",", "2", "[:", ":]", "-", "\\"
    };
    String alphabet = "aabbccabAB.12{}[]";
    int matched = 0;
    for (int i = 0; i < 200_000; i++) {
      StringBuilder regex = new StringBuilder();
      int count = random.nextInt(1, 10);
      for (int p = 0; p < count; p++) {
        regex.append(parts[random.nextInt(parts.length)]);
      }
      List<String> literals = RegexLiterals.of(regex.toString(), false);
      if (literals == null) {
        continue;
      }
      Pattern pattern;
      try {
        pattern = Pattern.compile(regex.toString());
      } catch (PatternSyntaxException e) {
        continue;
      }
      for (int t = 0; t < 10; t++) {
        StringBuilder text = new StringBuilder();
        int length = random.nextInt(9);
        for (int c = 0; c < length; c++) {
          text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        if (pattern.matcher(text).find()) {
          matched++;
          String lower = text.toString().toLowerCase(Locale.ROOT);
          assertThat(literals)
              .as("seed %d, %s in %s", seed, regex, text)
              .anyMatch(literal -> lower.contains(literal.toLowerCase(Locale.ROOT)));
        }
      }
    }
    assertThat(matched).as("seed %d", seed).isGreaterThan(1000);
  }
}
