package io.weir.core.stories.http2;

import static io.weir.core.stories.http2.Http2Row.answer;
import static io.weir.core.stories.http2.Http2Row.get;
import static io.weir.core.stories.http2.Http2Row.row;
import static io.weir.core.testkit.HpackText.bytes;
import static io.weir.core.testkit.HpackText.together;
import static io.weir.core.testkit.Http2Client.head;
import static io.weir.core.testkit.Http2Frame.END_HEADERS;
import static io.weir.core.testkit.Http2Frame.END_STREAM;
import static io.weir.core.testkit.Http2Frame.headers;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Every representation of a literal field: RFC 7541 section 6.2, each with a name of the static
 * table and a new one, as they are and in the Huffman code.
 */
final class LiteralRows {
  private static final int WHOLE = END_HEADERS | END_STREAM;

  // The names and values of RFC 7541 appendix C.4.3, where their codes can be compared.
  private static final byte[] NAME = plain("custom-key");
  private static final byte[] NAME_IN_CODE = code("25a849e95ba97d7f");
  private static final byte[] VALUE = plain("custom-value");
  private static final byte[] VALUE_IN_CODE = code("25a849e95bb8e8b4bf");

  /**
   * A representation.
   *
   * @param newName its first byte before a new name
   * @param userAgent how it begins for user-agent, which is 58 in the static table
   */
  private record Form(String clause, String words, int newName, byte[] userAgent) {}

  private static final List<Form> FORMS =
      List.of(
          new Form("RFC 7541 §6.2.1", "a literal with indexing", 0x40, bytes(0x7a)),
          new Form("RFC 7541 §6.2.2", "a literal without indexing", 0x00, bytes(0x0f, 0x2b)),
          new Form("RFC 7541 §6.2.3", "a literal never indexed", 0x10, bytes(0x1f, 0x2b)));

  private LiteralRows() {}

  static List<Http2Row> rows() {
    List<Http2Row> rows = new ArrayList<>();
    for (Form form : FORMS) {
      String agent = get("/", "User-Agent: custom-value");
      rows.add(taken(form, ", indexed name", form.userAgent(), VALUE).arrivesAs(agent));
      rows.add(
          taken(form, ", indexed name, in code", form.userAgent(), VALUE_IN_CODE).arrivesAs(agent));
      byte[] first = bytes(form.newName());
      String custom = get("/", "custom-key: custom-value");
      rows.add(taken(form, ", new name", together(first, NAME), VALUE).arrivesAs(custom));
      rows.add(
          taken(form, ", new name, in code", together(first, NAME_IN_CODE), VALUE_IN_CODE)
              .arrivesAs(custom));
    }
    return rows;
  }

  private static Http2Row taken(Form form, String what, byte[] name, byte[] value) {
    return row(
        form.clause(),
        form.words() + what,
        c -> c.sends(headers(1, WHOLE, together(head("GET", "/"), name, value))),
        answer(200));
  }

  private static byte[] plain(String text) {
    return together(bytes(text.length()), text.getBytes(StandardCharsets.US_ASCII));
  }

  private static byte[] code(String hex) {
    byte[] code = HexFormat.of().parseHex(hex);
    return together(bytes(0x80 | code.length), code);
  }
}
