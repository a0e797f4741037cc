package io.weir.firewall.list;

import io.weir.firewall.address.Cidr;
import java.util.Arrays;
import java.util.List;

/** Where the entries of a list come from. */
public sealed interface ListSource {
  /** Written in the configuration. */
  record Inline(List<String> entries) implements ListSource {
    public Inline {
      entries = List.copyOf(entries);
    }
  }

  /**
   * The content of a file: UTF-8, one entry a line, {@code #} begins a comment line or, after white
   * space, a comment at the end of a line.
   *
   * @param origin the file's name, for messages
   * @param content owned by this record and not written to any more
   */
  @SuppressWarnings("ArrayRecordComponent") // megabytes that are read once; equality is below
  record Lines(String origin, byte[] content) implements ListSource {
    @Override
    public boolean equals(Object other) {
      return other instanceof Lines that
          && origin.equals(that.origin)
          && Arrays.equals(content, that.content);
    }

    @Override
    public int hashCode() {
      return 31 * origin.hashCode() + Arrays.hashCode(content);
    }

    @Override
    public String toString() {
      return "Lines[" + origin + ", " + content.length + " bytes]";
    }
  }

  /**
   * Prefixes that were read already, in no order.
   *
   * @param origin the name of the file that they come from
   */
  record Prefixes(String origin, List<Cidr> prefixes) implements ListSource {
    public Prefixes {
      prefixes = List.copyOf(prefixes);
    }

    @Override
    public String toString() {
      return "Prefixes[" + origin + ", " + prefixes.size() + "]";
    }
  }

  /**
   * Still to come from somewhere; there are no entries until then.
   *
   * @param origin from where, for messages
   */
  record Awaited(String origin) implements ListSource {}
}
