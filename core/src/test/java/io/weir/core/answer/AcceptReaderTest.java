package io.weir.core.answer;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.core.http.Fields;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Content negotiation of RFC 9110 section 12.5.1, for the kinds of page that there are. */
class AcceptReaderTest {
  private static Fields accept(String... lines) {
    Fields fields = new Fields();
    for (String line : lines) {
      fields.beginLine("Accept: ".getBytes(StandardCharsets.US_ASCII));
      fields.append(line);
      fields.endLine();
    }
    return fields;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "*/* | TEXT",
        "text/html | HTML",
        "TEXT/HTML | HTML",
        "text/* | TEXT",
        "application/json | JSON",
        "application/* | JSON",
        "application/problem+json | PROBLEM",
        "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8 | HTML",
        "application/json, text/plain, */* | JSON",
        "text/plain, application/json | TEXT",
        "*/*;q=0.01, application/json, text/javascript | JSON",
        "text/html;q=0.5, application/json;q=0.501 | JSON",
        "text/html ; q=0.9 , text/plain ; q=0.8 | HTML",
        "text/html;q=0, */* | TEXT",
        "text/plain;q=0, */* | HTML",
        "text/*;q=0.2, application/json;q=0.1 | TEXT",
        "text/plain;q=0.1, text/* | HTML",
        "*/*, text/plain;q=0.5, text/html;q=0.5 | JSON",
        "text/html;level=\"1,2;q=0\";q=0.7, text/plain;q=0.6 | HTML",
        "text/html;charset=utf-8 | HTML",
        "text/html;Q=0.1, application/json;q=0.2 | JSON",
        "image/png | TEXT",
        "text/html;q=2, application/json | JSON",
        "text/html;q=0.1234, application/json;q=0.1 | JSON",
        "text/html;q=, application/json;q=0.1 | JSON",
        "text/html;q=1.001, application/json;q=0.1 | JSON",
        "text/html;q=1.000 | HTML",
        "texthtml, application/json | JSON",
        ", ,application/json,, | JSON",
        "\"text/html, application/json | TEXT",
        "text/html;x=\"\\\",application/json\", text/plain | HTML"
      })
  void theKindIsTheOneThatTheClientPrefers(String value, PageKind expected) {
    assertThat(AcceptReader.preferred(accept(value))).as(value).isEqualTo(expected);
  }

  @Test
  void aClientThatSaysNothingGetsText() {
    assertThat(AcceptReader.preferred(new Fields())).isEqualTo(PageKind.TEXT);
    assertThat(AcceptReader.preferred(accept(""))).isEqualTo(PageKind.TEXT);
  }

  @Test
  void severalFieldsAreOneList() {
    assertThat(AcceptReader.preferred(accept("*/*;q=0.1", "image/png", "text/html;q=0.2")))
        .isEqualTo(PageKind.HTML);
  }
}
