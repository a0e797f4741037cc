package io.weir.firewall.limit;

import io.weir.firewall.share.KeySecret;

/** Hashes the parts of a key with a secret: SipHash-2-4 over 64-bit words. Not thread safe. */
public final class KeyHasher implements KeySecret.Reader {
  private long v0;
  private long v1;
  private long v2;
  private long v3;
  private int words;

  @Override
  public void begin(long secret0, long secret1) {
    v0 = secret0 ^ 0x736f6d6570736575L;
    v1 = secret1 ^ 0x646f72616e646f6dL;
    v2 = secret0 ^ 0x6c7967656e657261L;
    v3 = secret1 ^ 0x7465646279746573L;
    words = 0;
  }

  /** Adds a number. */
  public void add(long word) {
    v3 ^= word;
    round();
    round();
    v0 ^= word;
    words++;
  }

  /** Adds a text; its length comes first, so that parts cannot run into each other. */
  public void add(CharSequence text) {
    int length = text.length();
    add((long) length);
    long word = 0;
    for (int i = 0; i < length; i++) {
      word = (word << 16) | text.charAt(i);
      if ((i & 3) == 3) {
        add(word);
        word = 0;
      }
    }
    if ((length & 3) != 0) {
      add(word);
    }
  }

  /** The fingerprint of all that was added. */
  public long finish() {
    long last = (long) words << 59; // the length in bytes, in the upper eight bits
    v3 ^= last;
    round();
    round();
    v0 ^= last;
    v2 ^= 0xff;
    round();
    round();
    round();
    round();
    return v0 ^ v1 ^ v2 ^ v3;
  }

  private void round() {
    v0 += v1;
    v2 += v3;
    v1 = Long.rotateLeft(v1, 13) ^ v0;
    v3 = Long.rotateLeft(v3, 16) ^ v2;
    v0 = Long.rotateLeft(v0, 32);
    v2 += v1;
    v0 += v3;
    v1 = Long.rotateLeft(v1, 17) ^ v2;
    v3 = Long.rotateLeft(v3, 21) ^ v0;
    v2 = Long.rotateLeft(v2, 32);
  }
}
