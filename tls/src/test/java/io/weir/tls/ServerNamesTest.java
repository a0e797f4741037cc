package io.weir.tls;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ServerNamesTest {
  @Test
  void namesAreComparedWithoutCase() {
    assertThat(ServerNames.normal("One.Test")).isEqualTo("one.test");
    assertThat(ServerNames.normal("\u212Aelvin.test"))
        .as("no letter of ASCII")
        .startsWith("\u212A");
  }

  /** As many as fit into a head: a step or a copy for each would be a weapon. */
  @Test
  void dotsOfTheRootAreNoPartOfThem() {
    assertThat(ServerNames.normal("one.test.")).isEqualTo("one.test");
    assertThat(ServerNames.normal("one.test" + ".".repeat(16_000))).isEqualTo("one.test");
    assertThat(ServerNames.normal(".")).isEqualTo(".");
  }

  @Test
  void theUsualOneIsNotCopied() {
    String name = "one.test";
    assertThat(ServerNames.normal(name)).isSameAs(name);
  }
}
