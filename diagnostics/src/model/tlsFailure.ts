/** What Node and OpenSSL say of a handshake that fails, told in the words of whoever configures the target. */
import { UnreadableFile } from './targetFile';
import { describe } from './thrown';

/** One side speaks TLS and the other does not, as a second connection has shown. */
export class TlsMismatch extends Error {
  constructor(readonly serverSpeaks: 'tls' | 'plain') {
    super(
      serverSpeaks === 'tls'
        ? 'the port speaks TLS, and the target is set to connect without'
        : 'the port speaks no TLS, and the target is set to connect with it'
    );
  }
}

const CODES = /^(ERR_TLS|ERR_SSL|ERR_OSSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|HOSTNAME_MISMATCH|EPROTO)/;
/** Alerts of a server that wants to see a certificate of its client (TLS 1.3, then 1.2), or does not accept the one it got. */
const WANTS_CERTIFICATE = /alert certificate required|alert handshake failure|alert number (?:116|40)\b/i;
const REFUSES_CERTIFICATE =
  /alert (?:unknown ca|bad certificate|certificate (?:expired|unknown|revoked)|unsupported certificate)|alert number (?:48|42|43|44|45|46)\b/i;
const NOT_TLS = /wrong version number|packet length too long|http request/i;
const BAD_FILE = /no start line|bad base64|key values mismatch|PEM routines|unsupported.*DECODER|bad decrypt/i;

/** One sentence, and what to do; undefined when the error is not one of TLS. */
export function tlsFailure(error: unknown): { readonly message: string; readonly mend: string } | undefined {
  const { code, message } = describe(error);
  if (error instanceof UnreadableFile) {
    return {
      message,
      mend: 'Put the file there, or let the user that runs the diagnostics service read it.',
    };
  }
  if (error instanceof TlsMismatch) {
    return {
      message,
      mend:
        error.serverSpeaks === 'tls'
          ? 'Set `tls: true` for the target, or `tls: { caFile: … }` when a private authority signed its certificate.'
          : 'Set `tls: false` for the target, or give it the port that speaks TLS.',
    };
  }
  if (!CODES.test(code) && !WANTS_CERTIFICATE.test(message) && !REFUSES_CERTIFICATE.test(message)) {
    return undefined;
  }
  if (WANTS_CERTIFICATE.test(message)) {
    return {
      message: 'the server ends the handshake: it demands a certificate of its client',
      mend: 'Set tls.certFile and tls.keyFile of the target: a certificate that an authority of the server has signed.',
    };
  }
  if (REFUSES_CERTIFICATE.test(message)) {
    return {
      message: `the server does not accept the client's certificate (${lastWords(message)})`,
      mend: 'Give the target (tls.certFile, tls.keyFile) a certificate that is valid now, signed by an authority that the server trusts.',
    };
  }
  if (NOT_TLS.test(message)) {
    return {
      message: `what answers speaks no TLS (${lastWords(message)})`,
      mend: 'Set `tls: false` for the target, or give it the port that speaks TLS.',
    };
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID' || code === 'HOSTNAME_MISMATCH') {
    return {
      message,
      mend: "Name in tls.serverName what the certificate is for, if that is not the target's host, or add the host to the certificate.",
    };
  }
  if (/EXPIRED|NOT_YET_VALID/.test(code)) {
    return {
      message,
      mend: 'Renew the certificate of the server and reload it; a target of kind tls shows the chain. If it is valid, correct the clock of this host.',
    };
  }
  if (/SELF_SIGNED|UNABLE_TO|DEPTH_ZERO/.test(code)) {
    return {
      message: `the certificate is not trusted: ${message}`,
      mend: 'Name the authority that signed it in tls.caFile of the target (a self-signed certificate is its own), or let the server send its intermediate certificates.',
    };
  }
  if (BAD_FILE.test(message)) {
    return {
      message: `a certificate or key of the target cannot be used (${lastWords(message)})`,
      mend: 'tls.caFile, tls.certFile and tls.keyFile are PEM files, and the key belongs to the certificate.',
    };
  }
  return {
    message: lastWords(message),
    mend: 'The handshake failed: both sides need a protocol version and a cipher in common, and a certificate that the other trusts (tls.caFile, tls.serverName).',
  };
}

/** `80DCC78E:error:0A00010B:SSL routines:ssl3_get_record:wrong version number:../ssl3_record.c:350:` → `wrong version number`. */
function lastWords(message: string): string {
  return /error:[0-9A-F]+:[^:]*:[^:]*:([^:]+)/.exec(message)?.[1]?.trim() ?? message.trim();
}
