package io.weir.core.edit;

import io.weir.core.http.Ascii;
import io.weir.core.http.FieldName;
import io.weir.core.http.NameSet;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Which fields may be edited at all. */
public final class FieldRules {
  private static final NameSet FRAMING =
      NameSet.HOP_BY_HOP.with(
          FieldName.CONTENT_LENGTH, FieldName.TRAILER, FieldName.EXPECT, FieldName.HOST);

  private FieldRules() {}

  /**
   * The name in lower case.
   *
   * @throws IllegalArgumentException for what is no name, and for the fields that are not to be
   *     touched, saying why
   */
  public static String editable(String name, boolean inRequests) {
    byte[] bytes = name.getBytes(StandardCharsets.ISO_8859_1);
    if (!Ascii.isToken(bytes, 0, bytes.length)) {
      throw new IllegalArgumentException("\"" + name + "\" (expected: the name of a header)");
    }
    String reason = reason(FieldName.of(bytes, 0, bytes.length), inRequests);
    if (reason != null) {
      throw new IllegalArgumentException(
          "\"" + name + "\" " + reason + " (expected: another header)");
    }
    return name.toLowerCase(Locale.ROOT);
  }

  /** Whether a field that only begins like an edited one may be taken out. */
  static boolean mayGo(FieldName name) {
    return !FRAMING.contains(name);
  }

  private static @Nullable String reason(FieldName name, boolean inRequests) {
    return switch (name) {
      case CONTENT_LENGTH, TRANSFER_ENCODING, TRAILER ->
          "says where a message ends, which no edit may change";
      case EXPECT -> "is between the client and Weir, which answers it";
      case HOST -> inRequests ? "is what rules, routes and certificates were chosen by" : null;
      default -> name.isHopByHop() ? "speaks of one connection, and is never sent on" : null;
    };
  }
}
