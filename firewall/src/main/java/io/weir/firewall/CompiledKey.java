package io.weir.firewall;

import io.weir.firewall.address.ClientAddress;
import io.weir.firewall.config.KeyPart;
import io.weir.firewall.limit.KeyHasher;
import io.weir.firewall.text.NamedTexts;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a limit counts by, ready to be read from a request. */
final class CompiledKey {
  private static final long ABSENT = -1; // no text has this length

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
      case KeyPart.Ip() -> {
        ClientAddress client = evaluation.client();
        hasher.add(client.isV6() ? 6 : 4);
        hasher.add(client.isV6() ? client.network64() : client.low());
      }
      case KeyPart.Host() -> hasher.add(evaluation.request().host());
      case KeyPart.Path() -> hasher.add(evaluation.request().target().reduced());
      case KeyPart.Method() -> hasher.add(evaluation.request().method());
      case KeyPart.Route() -> hasher.add(evaluation.request().route());
      case KeyPart.Ja4() -> add(evaluation.request().ja4(), hasher);
      case KeyPart.Header header -> add(evaluation.request().header(header.name()), hasher);
      case KeyPart.Cookie ignored -> addCookie(cookie, evaluation.cookies(), hasher);
    }
  }

  private static void add(@Nullable CharSequence value, KeyHasher hasher) {
    if (value == null) {
      hasher.add(ABSENT);
    } else {
      hasher.add(value);
    }
  }

  private static void addCookie(int name, NamedTexts cookies, KeyHasher hasher) {
    for (int i = 0; i < cookies.count(); i++) {
      if (cookies.name(i) == name) {
        hasher.add(cookies.value(i));
        return;
      }
    }
    hasher.add(ABSENT);
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
