package io.weir.daemon.config.rule;

import io.weir.firewall.address.Cidr;
import io.weir.firewall.address.ClientAddress;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes small databases in MaxMind's format, version 2.0, after its public description: a binary
 * tree over the bits of addresses, the data that its leaves point to, and a map about both.
 */
public final class MmdbWriter {
  private static final int SEPARATOR = 16; // zero bytes between tree and data
  private static final byte[] METADATA =
      "\u00ab\u00cd\u00efMaxMind.com".getBytes(StandardCharsets.ISO_8859_1);
  private static final int STRING = 2;
  private static final int UINT16 = 5;
  private static final int UINT32 = 6;
  private static final int MAP = 7;
  private static final int UINT64 = 9;
  private static final int ARRAY = 11;

  private final ByteArrayOutputStream data = new ByteArrayOutputStream();
  private final Node root = new Node();
  private final List<Node> nodes = new ArrayList<>();

  /** A fork of the tree: each branch is another one, the offset of data, or nothing. */
  private static final class Node {
    private final @Nullable Object[] branches = new Object[2];
    private int number;
  }

  /** A record as the makers of country databases write it. */
  public static Map<String, Object> country(String code) {
    return Map.of("country", Map.of("iso_code", code), "continent", Map.of("code", "EU"));
  }

  /** Adds a prefix that holds no other one; IPv4 is where trees of IPv6 have it. */
  public MmdbWriter add(String prefix, Map<String, ?> value) {
    return add(Cidr.parse(prefix), value);
  }

  MmdbWriter add(Cidr prefix, Map<String, ?> value) {
    int offset = data.size();
    write(value, data);
    ClientAddress first = prefix.network();
    int length = first.isV6() ? prefix.length() : prefix.length() + 96;
    Node node = root;
    for (int bit = 0; bit < length; bit++) {
      long half = bit < 64 ? first.high() : first.low();
      int branch = (int) (half >>> (63 - bit % 64)) & 1;
      if (bit == length - 1) {
        node.branches[branch] = offset;
        break;
      }
      if (!(node.branches[branch] instanceof Node)) {
        node.branches[branch] = new Node();
      }
      node = (Node) node.branches[branch];
    }
    return this;
  }

  /** The whole file. */
  public byte[] bytes() {
    number(root);
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    for (Node node : nodes) {
      for (Object branch : node.branches) {
        int record =
            switch (branch) {
              case null -> nodes.size();
              case Node next -> next.number;
              default -> nodes.size() + SEPARATOR + (int) branch;
            };
        writeNumber(record, 3, file);
      }
    }
    file.writeBytes(new byte[SEPARATOR]);
    file.writeBytes(data.toByteArray());
    file.writeBytes(METADATA);
    Map<String, Object> about = new LinkedHashMap<>();
    about.put("node_count", nodes.size());
    about.put("record_size", (short) 24);
    about.put("ip_version", (short) 6);
    about.put("database_type", "Test");
    about.put("languages", List.of("en"));
    about.put("binary_format_major_version", (short) 2);
    about.put("binary_format_minor_version", (short) 0);
    about.put("build_epoch", 1_795_000_000L);
    about.put("description", Map.of("en", "made by a test"));
    write(about, file);
    return file.toByteArray();
  }

  private void number(Node node) {
    node.number = nodes.size();
    nodes.add(node);
    for (Object branch : node.branches) {
      if (branch instanceof Node next) {
        number(next);
      }
    }
  }

  private static void write(Object value, ByteArrayOutputStream out) {
    switch (value) {
      case String text -> {
        control(STRING, text.length(), out);
        out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
      }
      case Short number -> {
        control(UINT16, 2, out);
        writeNumber(number, 2, out);
      }
      case Integer number -> {
        control(UINT32, 4, out);
        writeNumber(number, 4, out);
      }
      case Long number -> {
        control(UINT64, 8, out);
        writeNumber(number, 8, out);
      }
      case Map<?, ?> map -> {
        control(MAP, map.size(), out);
        map.forEach((key, inner) -> {
          write(key, out);
          write(inner, out);
        });
      }
      case List<?> list -> {
        control(ARRAY, list.size(), out);
        list.forEach(item -> write(item, out));
      }
      default -> throw new IllegalArgumentException(value.toString());
    }
  }

  /** Types above 7 are written in a byte of their own. */
  private static void control(int type, int size, ByteArrayOutputStream out) {
    if (size >= 29) {
      throw new IllegalArgumentException(size + " (expected: less than 29)");
    }
    out.write(type <= MAP ? type << 5 | size : size);
    if (type > MAP) {
      out.write(type - MAP);
    }
  }

  private static void writeNumber(long number, int bytes, ByteArrayOutputStream out) {
    for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
      out.write((int) (number >>> shift));
    }
  }
}
