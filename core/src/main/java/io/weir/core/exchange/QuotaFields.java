package io.weir.core.exchange;

import io.weir.core.http.Fields;
import io.weir.core.http.LocalResponse;
import io.weir.firewall.Quotas;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * {@code RateLimit-Policy} and {@code RateLimit} on answers: beside those of a backend, since both
 * are lists, and before the edits of the route, which may take them out.
 */
final class QuotaFields {
  private static final byte[] POLICY = "ratelimit-policy: ".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] STATE = "ratelimit: ".getBytes(StandardCharsets.US_ASCII);

  private QuotaFields() {}

  static void add(Fields fields, @Nullable Quotas quotas) {
    if (quotas != null) {
      add(fields, POLICY, quotas.policies());
      add(fields, STATE, quotas.states());
    }
  }

  private static void add(Fields fields, byte[] name, String value) {
    fields.beginLine(name);
    fields.append(value);
    fields.endLine();
  }

  static LocalResponse add(LocalResponse response, @Nullable Quotas quotas) {
    return quotas == null
        ? response
        : response.with(
            "RateLimit-Policy: "
                + quotas.policies()
                + "\r\nRateLimit: "
                + quotas.states()
                + "\r\n");
  }
}
