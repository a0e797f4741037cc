package io.weir.core.edit;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.weir.core.http.FieldName;
import io.weir.core.http.Fields;
import io.weir.core.http.LocalResponse;
import io.weir.core.http.NameSet;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The fields that are taken out of a head and put into it, compiled once. Any thread. */
public final class HeaderEdits {
  /*
   * Edits are made on the fields of the head, where every version of HTTP finds them: a field that
   * goes is marked and stays in its place, one that comes is written behind the others and goes out
   * in the same copy as they do.
   *
   * Of requests, underscores in a name are dashes: a backend of CGI, which cannot tell them, must not
   * get from the client what a route takes out or sets.
   */

  /** Changes nothing. */
  public static final HeaderEdits NONE = new HeaderEdits(Builder.ofResponses());

  private final String[] names; // lower case
  private final String[] prefixes;
  private final Line[] lines;
  private final NameSet settled;
  private final boolean inRequests;

  /** A field that is put in. */
  @SuppressWarnings("ArrayRecordComponent") // compiled: never compared, never handed out
  private record Line(byte[] name, FieldName as, Template value) {
    boolean isNamed(String other) {
      return Arrays.equals(name, nameOf(other));
    }

    static byte[] nameOf(String name) {
      return (name + ": ").getBytes(StandardCharsets.US_ASCII);
    }
  }

  private HeaderEdits(Builder builder) {
    names = builder.names.toArray(String[]::new);
    prefixes = builder.prefixes.toArray(String[]::new);
    lines = builder.lines.toArray(Line[]::new);
    settled = builder.settled;
    inRequests = builder.inRequests;
  }

  /** Whether there is nothing to change. */
  public boolean isEmpty() {
    return names.length + prefixes.length + lines.length == 0;
  }

  /**
   * The names of which the edits alone decide what is sent, among those that we write ourselves.
   */
  public NameSet settled() {
    return settled;
  }

  /** Changes the fields of a head that was read to its end. */
  public void apply(Fields fields, RequestValues values) {
    removeFrom(fields);
    for (Line line : lines) {
      fields.beginLine(line.name);
      line.value.append(fields, values);
      fields.endLine(line.as);
    }
  }

  /**
   * Takes out of trailers what was taken out of their head, or replaced there: who receives them
   * may treat them as one (RFC 9110 section 6.5).
   */
  public void applyToTrailers(Fields trailers) {
    removeFrom(trailers);
  }

  private void removeFrom(Fields fields) {
    for (int i = 0; i < fields.count(); i++) {
      if (isRemoved(fields, i)) {
        fields.withhold(i);
      }
    }
  }

  private boolean isRemoved(Fields fields, int i) {
    for (String name : names) {
      if (inRequests ? fields.isNamedAlike(i, name) : fields.isNamed(i, name)) {
        return true;
      }
    }
    for (String prefix : prefixes) {
      if (begins(fields, i, prefix) && FieldRules.mayGo(fields.name(i))) {
        return true;
      }
    }
    return false;
  }

  private boolean begins(Fields fields, int i, String prefix) {
    return inRequests ? fields.beginsAlike(i, prefix) : fields.isNamedLike(i, prefix);
  }

  /** The same response with its fields changed. */
  public LocalResponse apply(LocalResponse response, RequestValues values) {
    Fields fields = new Fields();
    response.putLines(fields);
    apply(fields, values);
    ByteBuf lines = Unpooled.buffer(fields.length());
    fields.writeLines(lines, NameSet.NONE);
    byte[] changed = new byte[lines.readableBytes()];
    lines.readBytes(changed);
    return response.withLines(changed);
  }

  /** Collects edits, in the order in which they are made. */
  public static final class Builder {
    private final List<String> names = new ArrayList<>();
    private final List<String> prefixes = new ArrayList<>();
    private final List<Line> lines = new ArrayList<>();
    private final boolean inRequests;
    private NameSet settled = NameSet.NONE;

    private Builder(boolean inRequests) {
      this.inRequests = inRequests;
    }

    public static Builder ofRequests() {
      return new Builder(true);
    }

    public static Builder ofResponses() {
      return new Builder(false);
    }

    /** Takes out every field of that name. */
    public Builder remove(String name) {
      names.add(name);
      lines.removeIf(line -> line.isNamed(name));
      FieldName known = known(name);
      if (isWrittenByUs(known)) {
        settled = settled.with(known);
      }
      return this;
    }

    /** Takes out every field whose name begins so. */
    public Builder removeLike(String prefix) {
      prefixes.add(prefix);
      return this;
    }

    /** Puts a field in place of all of that name. */
    public Builder set(String name, Template value) {
      return remove(name).add(name, value);
    }

    /** Puts one more field in. */
    public Builder add(String name, Template value) {
      FieldName known = known(name);
      FieldName as = isForwarding(known) ? FieldName.OTHER : known; // ours: not to be dropped
      lines.add(new Line(Line.nameOf(name), as, value));
      return this;
    }

    /** Compiles what was collected. */
    public HeaderEdits build() {
      return names.isEmpty() && prefixes.isEmpty() && lines.isEmpty()
          ? NONE
          : new HeaderEdits(this);
    }

    private static FieldName known(String name) {
      byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
      return FieldName.of(bytes, 0, bytes.length);
    }

    private static boolean isWrittenByUs(FieldName name) {
      return switch (name) {
        case X_FORWARDED_FOR, X_FORWARDED_HOST, X_FORWARDED_PROTO -> true;
        default -> false;
      };
    }

    /** What is not sent on as clients sent it. */
    private static boolean isForwarding(FieldName name) {
      return switch (name) {
        case FORWARDED,
            X_REAL_IP,
            X_FORWARDED,
            X_FORWARDED_FOR,
            X_FORWARDED_HOST,
            X_FORWARDED_PROTO,
            MISTAKABLE ->
            true;
        default -> false;
      };
    }
  }
}
