package io.weir.tls;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The blocks of a PEM text (RFC 7468), in order; whatever stands between them is ignored. */
final class Pem {

  private static final String BEGIN = "-----BEGIN ";
  private static final String END = "-----END ";
  private static final String DASHES = "-----";
  private static final int LINE = 64; // RFC 7468 section 2

  private Pem() {}

  /** One block. */
  static final class Block {
    /** What stands after BEGIN. */
    final String label;

    /** What the body decodes to, or null if openssl's old format encrypted it (RFC 1421). */
    final byte @Nullable [] der;

    Block(String label, byte @Nullable [] der) {
      this.label = label;
      this.der = der;
    }
  }

  /**
   * @throws IllegalArgumentException with words for the operator, if a block does not end or does
   *     not decode
   */
  static List<Block> blocks(String text) {
    List<Block> blocks = new ArrayList<>();
    int at = text.indexOf(BEGIN);
    while (at >= 0) {
      int labelEnd = text.indexOf(DASHES, at + BEGIN.length());
      if (labelEnd < 0) {
        throw new IllegalArgumentException("a BEGIN line does not end in -----");
      }
      String label = text.substring(at + BEGIN.length(), labelEnd);
      int bodyEnd = text.indexOf(END + label + DASHES, labelEnd);
      if (bodyEnd < 0) {
        throw new IllegalArgumentException("BEGIN " + label + " has no END " + label);
      }
      blocks.add(block(label, text.substring(labelEnd + DASHES.length(), bodyEnd)));
      at = text.indexOf(BEGIN, bodyEnd);
    }
    return blocks;
  }

  static String write(String label, byte[] der) {
    String body = Base64.getMimeEncoder(LINE, new byte[] {'\n'}).encodeToString(der);
    return BEGIN + label + DASHES + "\n" + body + "\n" + END + label + DASHES + "\n";
  }

  private static Block block(String label, String body) {
    if (body.contains("Proc-Type:") && body.contains("ENCRYPTED")) {
      return new Block(label, null);
    }
    try {
      return new Block(label, Base64.getDecoder().decode(body.replaceAll("\\s+", "")));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("the " + label + " block is not base64", e);
    }
  }
}
