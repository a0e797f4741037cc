package io.weir.firewall.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TextMatcherTest {
  @Test
  void aTextIsSearchedOnceToTestAndOnceToTellWhere() {
    int[] searched = {0, 0};
    TextPredicate counted =
        new TextPredicate() {
          @Override
          public boolean test(Text text) {
            searched[0]++;
            return true;
          }

          @Override
          public int telling(Text text) {
            searched[1]++;
            return 5000;
          }
        };
    Text text = new Text();
    text.set("x".repeat(10_000));
    assertThat(new TextMatcher(List.of(counted), false, 1, null).telling(text)).isEqualTo(5000);
    assertThat(searched).containsExactly(1, 1);
  }
}
