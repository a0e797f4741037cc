package io.weir.tls;

import java.util.List;
import java.util.stream.Collectors;

/** A TLS configuration that cannot be built, with everything that is wrong with it. */
public final class TlsConfigException extends Exception {

  private static final long serialVersionUID = 1;

  private final transient List<TlsProblem> problems;

  TlsConfigException(List<TlsProblem> problems) {
    super(problems.stream().map(TlsProblem::message).collect(Collectors.joining("; ")));
    this.problems = List.copyOf(problems);
  }

  TlsConfigException(String message, Throwable cause) {
    super(message, cause);
    this.problems = List.of(TlsProblem.error(message, String.valueOf(cause.getMessage())));
  }

  /** Never empty. */
  public List<TlsProblem> problems() {
    return problems;
  }
}
