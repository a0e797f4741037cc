package io.weir.core.http;

import org.jspecify.annotations.Nullable;

/** Reads Expect: there is one expectation, {@code 100-continue} (RFC 9110 section 10.1.1). */
public final class Expectation {
  private Expectation() {}

  /** Null if the request expects nothing or what is known; HTTP/1.0 cannot expect anything. */
  public static @Nullable Failure check(RequestHead head) {
    Fields fields = head.fields();
    int field = fields.find(FieldName.EXPECT, 0);
    if (field < 0) {
      return null;
    }
    if (head.version() == HttpVersion.HTTP_1_0) {
      fields.removeAll(FieldName.EXPECT);
      return null;
    }
    boolean known =
        Ascii.equalsIgnoreCase(
            fields.bytes(), fields.valueStart(field), fields.valueEnd(field), "100-continue");
    boolean single = fields.find(FieldName.EXPECT, field + 1) < 0;
    return known && single ? null : Failure.EXPECTATION_FAILED;
  }
}
