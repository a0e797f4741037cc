package io.weir.firewall;

import io.weir.firewall.address.ClientAddress;
import io.weir.firewall.config.KeyPart;
import io.weir.firewall.limit.KeyHasher;
import io.weir.firewall.text.NamedTexts;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a limit counts by, ready to be read from a request. */
final class CompiledKey {
  /*
   * Which one of several values a backend takes, the first, the last or all of them, nobody knows. Were
   * requests counted by any of these, or by all together, a client would have a key of its own for
   * every value that it invents beside the one that counts. So all requests with several values of a
   * header share one key. Browsers may send cookies of one name twice, one of each path they are for:
   * those share a key with the others of their address only.
   */
  private static final long ABSENT = -1; // no text has this length, nor the next one
  private static final long SEVERAL = -2;

  private final KeyPart[] parts;
  private final int[] cookies; // the number of the cookie, of the parts that are one

  /**
   * A key.
   *
   * @param matches where cookies get their numbers
   */
  CompiledKey(List<KeyPart> key, MatchCompiler matches) {
    parts = key.toArray(KeyPart[]::new);
    cookies = new int[parts.length];
    for (int i = 0; i < parts.length; i++) {
      cookies[i] = parts[i] instanceof KeyPart.Cookie(var name) ? matches.cookieName(name) : -1;
    }
  }

  /** Adds the parts to a hasher that is ready; its fingerprint. */
  long fingerprint(Evaluation evaluation, KeyHasher hasher) {
    for (int i = 0; i < parts.length; i++) {
      add(parts[i], cookies[i], evaluation, hasher);
    }
    return hasher.finish();
  }

  private static void add(KeyPart part, int cookie, Evaluation evaluation, KeyHasher hasher) {
    switch (part) {
      case KeyPart.Ip() -> add(evaluation.client(), hasher);
      case KeyPart.Host() -> hasher.add(evaluation.request().host());
      case KeyPart.Path() -> hasher.add(evaluation.request().target().reduced());
      case KeyPart.Method() -> hasher.add(evaluation.request().method());
      case KeyPart.Route() -> hasher.add(evaluation.request().route());
      case KeyPart.Ja4() -> add(evaluation.request().ja4(), hasher);
      case KeyPart.Header header -> addHeader(evaluation.header(header.name()), hasher);
      case KeyPart.Cookie ignored -> addCookie(cookie, evaluation, hasher);
    }
  }

  private static void add(ClientAddress client, KeyHasher hasher) {
    hasher.add(client.isV6() ? 6 : 4);
    hasher.add(client.isV6() ? client.network64() : client.low());
  }

  private static void addHeader(OneValue value, KeyHasher hasher) {
    CharSequence text = value.take();
    if (value.isSeveral()) {
      hasher.add(SEVERAL);
    } else {
      add(text, hasher);
    }
  }

  private static void add(@Nullable CharSequence value, KeyHasher hasher) {
    if (value == null) {
      hasher.add(ABSENT);
    } else {
      hasher.add(value);
    }
  }

  private static void addCookie(int name, Evaluation evaluation, KeyHasher hasher) {
    NamedTexts cookies = evaluation.cookies();
    int first = -1;
    for (int i = 0; i < cookies.count(); i++) {
      if (cookies.name(i) != name) {
        continue;
      }
      if (first < 0) {
        first = i;
      } else if (!cookies.isSame(first, i)) {
        hasher.add(SEVERAL);
        add(evaluation.client(), hasher);
        return;
      }
    }
    add(first < 0 ? null : cookies.value(first), hasher);
  }

  /** Whether the key names a field of a request. */
  boolean needsRequest() {
    for (KeyPart part : parts) {
      if (!(part instanceof KeyPart.Ip)) {
        return true;
      }
    }
    return false;
  }

  /** Whether the key names a field that no ClientHello tells. */
  boolean needsMoreThanHello() {
    for (KeyPart part : parts) {
      if (!(part instanceof KeyPart.Ip || part instanceof KeyPart.Ja4)) {
        return true;
      }
    }
    return false;
  }
}
