package io.weir.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LabelWordsTest {
  @ParameterizedTest
  @ValueSource(
      strings = {"GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"})
  void theNineKnownMethodsHaveTheirOwnWord(String method) {
    assertThat(MethodLabel.word(MethodLabel.index(method))).isEqualTo(method);
    assertThat(MethodLabel.word(MethodLabel.index(new StringBuilder(method)))).isEqualTo(method);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "get",
        "Get",
        "GOT",
        "PUR",
        "HEAR",
        "POSE",
        "PATHC",
        "TRACK",
        "DELETF",
        "CONNECt",
        "OPTIONs",
        "QUERY",
        "PROPFIND",
        "_OTHER",
        "GET "
      })
  void everythingElseIsOther(String method) {
    assertThat(MethodLabel.word(MethodLabel.index(method))).isEqualTo("_OTHER");
    assertThat(MethodLabel.word(MethodLabel.index(new StringBuilder(method)))).isEqualTo("_OTHER");
  }

  @Test
  void methodsAndCodesFitTheirBlock() {
    Set<Integer> methods = new HashSet<>();
    for (String method : "GET HEAD POST PUT DELETE CONNECT OPTIONS TRACE PATCH X".split(" ")) {
      methods.add(MethodLabel.index(method));
    }
    assertThat(methods).hasSize(MethodLabel.COUNT);
    assertThat(CodeLabel.COUNT).isLessThanOrEqualTo(CodeLabel.ROW);
  }

  @Test
  void aCodeIsItsOwnWordOrOther() {
    Set<String> words = new HashSet<>();
    for (int status = -1000; status < 2000; status++) {
      String word = CodeLabel.word(CodeLabel.index(status));
      assertThat(word).isIn(Integer.toString(status), "other");
      words.add(word);
    }
    assertThat(words).hasSize(CodeLabel.COUNT).contains("200", "101", "499", "511", "other");
    assertThat(CodeLabel.word(CodeLabel.index(299))).isEqualTo("other");
    assertThat(CodeLabel.word(CodeLabel.index(Integer.MIN_VALUE))).isEqualTo("other");
    assertThat(CodeLabel.word(CodeLabel.index(Integer.MAX_VALUE))).isEqualTo("other");
  }
}
