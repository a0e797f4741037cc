package io.weir.core.answer;

/** The pages that need no configuration. */
final class BuiltInPage {
  private static final String TEXT =
      """
      {status} {reason}
      {cause}
      Request {request_id}
      """;

  /** Needs nothing else: no font, image or script; follows the reader's choice of dark or light. */
  private static final String HTML =
      """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width,initial-scale=1">
      <meta name="robots" content="noindex">
      <title>{status} {reason}</title>
      <style>
      :root{color-scheme:light dark;--text:#1d2530;--soft:#5b6675;--line:#d9dee5;--back:#f7f8fa}
      @media(prefers-color-scheme:dark){:root{--text:#e6eaf0;--soft:#97a3b3;--line:#2c3644;--back:#12171e}}
      body{margin:0;min-height:100vh;display:grid;place-items:center;background:var(--back);color:var(--text);\
      font:16px/1.5 system-ui,sans-serif}
      main{max-width:32rem;padding:2rem}
      h1{margin:0;font-size:1.5rem;font-weight:600}
      h1 b{margin-right:.6rem;color:var(--soft);font-weight:400}
      p{margin:.8rem 0 1.6rem}
      small{display:block;padding-top:.8rem;border-top:1px solid var(--line);color:var(--soft)}
      code{font:.85em ui-monospace,monospace;word-break:break-all}
      </style>
      </head>
      <body>
      <main>
      <h1><b>{status}</b>{reason}</h1>
      <p>{cause}</p>
      <small>Request <code>{request_id}</code></small>
      </main>
      </body>
      </html>
      """;

  private static final String JSON =
      """
      {"status":{status},"title":"{reason}","detail":"{cause}","request_id":"{request_id}"}
      """;

  private BuiltInPage() {}

  static String of(PageKind kind) {
    return switch (kind) {
      case TEXT -> TEXT;
      case HTML -> HTML;
      case JSON, PROBLEM -> JSON;
    };
  }
}
