package io.weir.core.answer;

/** What a visitor is told about an error: never more than the status says anyway. */
final class Causes {
  private Causes() {}

  static String of(int status) {
    return switch (status) {
      case 400 -> "The request is malformed.";
      case 401 -> "The request needs credentials.";
      case 403 -> "The request was refused.";
      case 404 -> "There is nothing at this address.";
      case 405 -> "This method is not allowed here.";
      case 408 -> "The request took too long to arrive.";
      case 413 -> "The request is too large.";
      case 414 -> "The address of the request is too long.";
      case 417 -> "The request expects what cannot be given.";
      case 421 -> "The request came over a connection that was made for another host.";
      case 429 -> "There were too many requests. Please try again later.";
      case 431 -> "The headers of the request are too large.";
      case 501 -> "The request asks for what this server cannot do.";
      case 502 -> "The server behind this address gave no valid answer.";
      case 503 -> "No server is available at the moment. Please try again soon.";
      case 504 -> "The server behind this address took too long to answer.";
      case 505 -> "This version of HTTP is not spoken here.";
      default ->
          status < 500
              ? "The request cannot be answered."
              : "The server met an error and cannot answer.";
    };
  }
}
