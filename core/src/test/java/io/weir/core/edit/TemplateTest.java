package io.weir.core.edit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.core.http.Fields;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Values with placeholders. */
class TemplateTest {
  private static final RequestValues VALUES =
      (placeholder, line) -> line.append("<" + placeholder.word() + ">");

  private static String filled(String text) {
    Fields line = new Fields();
    line.beginLine("x: ".getBytes(StandardCharsets.US_ASCII));
    Template.of(text).append(line, VALUES);
    line.endLine();
    return line.text(0);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '~',
      delimiter = '|',
      value = {
        "plain | plain",
        "{host} | <host>",
        "{host}{path} | <host><path>",
        "https://{host}{uri} | https://<host><uri>",
        "a {client_ip} b {request_id} c | a <client_ip> b <request_id> c",
        "{{host} | {host}",
        "{{{host}} | {<host>}",
        "{\"group\":\"default\",\"max_age\":1} | {\"group\":\"default\",\"max_age\":1}",
        "{ host } | { host }",
        "{} | {}",
        "} { | } {",
        "{HOST} | {HOST}"
      })
  void placeholdersAreFilledInAndOtherBracesStay(String text, String expected) {
    assertThat(filled(text)).isEqualTo(expected);
  }

  @Test
  void textIsSentAsUtf8() {
    assertThat(filled("\u00e9")).isEqualTo("\u00c3\u00a9");
  }

  @Test
  void aMisspelledNameIsToldWithThoseThatThereAre() {
    assertThatThrownBy(() -> Template.of("{clientip}"))
        .hasMessageStartingWith("there is no {clientip} (expected: client_ip, peer_ip, method,");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\r\nb", "a\nb", "a\u0000", "a\u007f"})
  void noLineBreakGetsIn(String text) {
    assertThatThrownBy(() -> Template.of(text)).hasMessageContaining("control characters");
  }

  @Test
  void aValueCannotBreakTheLineEither() {
    Fields line = new Fields();
    line.beginLine("x: ".getBytes(StandardCharsets.US_ASCII));
    Template.of("{server_name}!").append(line, (placeholder, to) -> to.append("a\r\nb\u20ac"));
    line.endLine();
    assertThat(line.text(0)).isEqualTo("a??b?!");
  }
}
