package io.weir.core.exchange;

import io.weir.core.http.Ascii;
import io.weir.core.http.FieldName;
import io.weir.core.http.Fields;
import io.weir.core.http.Hex;
import io.weir.core.http.TraceParent;
import io.weir.core.snapshot.Tracing;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** The ids that one request has from hop to hop. For its worker's loop. */
final class RequestIds {
  /*
   * What is made here is 128 bits of the worker's luck, written as 32 digits: the request id, and
   * also the trace id where the trace begins here, so that one of them finds the other. They name a
   * request and open nothing, so it does no harm that the generator is no cipher. They become text
   * only where they are written.
   */

  private static final byte[] REQUEST_ID = ascii("X-Request-Id: ");
  private static final byte[] TRACEPARENT = ascii("traceparent: ");
  private static final byte[] VERSION = ascii("00-");
  private static final byte[] DASH = ascii("-");
  private static final byte[] SAMPLED = ascii("-01");
  private static final byte[] NOT_SAMPLED = ascii("-00");

  /** Longer ids are not kept: nobody's are, and they are in every line of the log. */
  private static final int MAX_KEPT = 128;

  private static final int ID_DIGITS = 2 * Hex.DIGITS;
  private static final int NONE = -1;

  private final long high;
  private final long low;
  private long traceHigh;
  private long traceLow;
  private boolean traced;
  private boolean sampled;
  private boolean parented;

  /** The field with the believed request id. */
  private int kept = NONE;

  RequestIds(SplittableRandom random) {
    high = random.nextLong();
    low = random.nextLong();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * Takes over what the request brought.
   *
   * @param believed whether its peer is trusted
   */
  void read(Fields fields, Tracing tracing, boolean believed) {
    if (tracing.traceContext()) {
      traced = true;
      traceHigh = high;
      traceLow = low;
      sampled = tracing.samples(low);
    }
    if (!believed) {
      return;
    }
    int id = tracing.requestIds() ? only(fields, FieldName.X_REQUEST_ID) : NONE;
    if (id >= 0 && isValid(fields.bytes(), fields.valueStart(id), fields.valueEnd(id))) {
      kept = id;
    }
    int parent = traced ? only(fields, FieldName.TRACEPARENT) : NONE;
    if (parent >= 0) {
      readParent(fields.bytes(), fields.valueStart(parent), fields.valueEnd(parent));
    }
  }

  private void readParent(byte[] bytes, int start, int end) {
    if (TraceParent.isValid(bytes, start, end)) {
      parented = true;
      traceHigh = Hex.read(bytes, start + TraceParent.TRACE);
      traceLow = Hex.read(bytes, start + TraceParent.TRACE + Hex.DIGITS);
      sampled = (Ascii.hexDigit(bytes[start + TraceParent.FLAGS + 1]) & 1) != 0;
    }
  }

  /** The one field of that name: several could be read in several ways. */
  private static int only(Fields fields, FieldName name) {
    int first = fields.find(name, 0);
    return first >= 0 && fields.find(name, first + 1) < 0 ? first : NONE;
  }

  /** Nothing that means something in a log, a page or a URL. */
  private static boolean isValid(byte[] bytes, int start, int end) {
    if (start == end || end - start > MAX_KEPT) {
      return false;
    }
    for (int i = start; i < end; i++) {
      byte b = bytes[i];
      int lower = b | 0x20;
      boolean plain = Ascii.isDigit(b) || (lower >= 'a' && lower <= 'z');
      if (!plain && "-_.~:+/=@".indexOf(b) < 0) {
        return false;
      }
    }
    return true;
  }

  /** Puts the ids into a request on its way to a backend. */
  void write(Fields fields, Tracing tracing, SplittableRandom random) {
    if (tracing.requestIds() && kept < 0) {
      fields.removeAll(FieldName.X_REQUEST_ID);
      fields.beginLine(REQUEST_ID);
      fields.appendHex(high);
      fields.appendHex(low);
      fields.endLine();
    }
    if (traced) {
      writeTrace(fields, random.nextLong() | 1); // zero would be no id
    }
  }

  private void writeTrace(Fields fields, long span) {
    fields.removeAll(FieldName.TRACEPARENT);
    if (!parented) {
      fields.removeAll(FieldName.TRACESTATE); // of a trace that is not believed
    }
    fields.beginLine(TRACEPARENT);
    fields.append(VERSION);
    fields.appendHex(traceHigh);
    fields.appendHex(traceLow);
    fields.append(DASH);
    fields.appendHex(span);
    fields.append(sampled ? SAMPLED : NOT_SAMPLED);
    fields.endLine();
  }

  /** Appends the request id to a line, which may be one of the request's own fields. */
  void appendRequestId(Fields line, Fields request) {
    if (kept >= 0) {
      int start = request.valueStart(kept);
      line.append(request.bytes(), start, request.valueEnd(kept) - start);
    } else {
      line.appendHex(high);
      line.appendHex(low);
    }
  }

  /** Appends the trace id to a line; nothing where requests have none. */
  void appendTraceId(Fields line) {
    if (traced) {
      line.appendHex(traceHigh);
      line.appendHex(traceLow);
    }
  }

  /** The request id as it is written. */
  byte[] requestId(Fields fields) {
    if (kept >= 0) {
      return Arrays.copyOfRange(fields.bytes(), fields.valueStart(kept), fields.valueEnd(kept));
    }
    return digits(high, low);
  }

  /** The trace id as it is written; null where requests have none. */
  byte @Nullable [] traceId() {
    return traced ? digits(traceHigh, traceLow) : null;
  }

  private static byte[] digits(long high, long low) {
    byte[] digits = new byte[ID_DIGITS];
    Hex.write(high, digits, 0);
    Hex.write(low, digits, Hex.DIGITS);
    return digits;
  }
}
