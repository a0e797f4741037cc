package io.weir.tls;

/** A version of TLS that Weir speaks. */
public enum TlsVersion {
  TLSv1_2("TLSv1.2"),
  TLSv1_3("TLSv1.3");

  private static final String[] FROM_1_2 = {"TLSv1.2", "TLSv1.3"};
  private static final String[] FROM_1_3 = {"TLSv1.3"};

  private final String label;

  TlsVersion(String label) {
    this.label = label;
  }

  /** As JSSE, openssl and the metric label write it: {@code TLSv1.3}. */
  public String label() {
    return label;
  }

  /** This version and all above it, by their labels. */
  String[] andAbove() {
    return this == TLSv1_2 ? FROM_1_2.clone() : FROM_1_3.clone();
  }
}
