using System.Net.Security;
using System.Net.Sockets;
using Swiper.Local.Hosts;

namespace Swiper.Load.Wire;

/// <summary>
/// TLS on a load connection, with .NET's implementation for every server. Never blocks after the handshake: a record is decrypted once
/// it is complete.
/// </summary>
internal sealed class TlsSession : IDisposable
{
    private readonly TlsRecords _records;
    private readonly SslStream _stream;

    /// <param name="socket">A connected socket; remains owned by the caller.</param>
    /// <param name="echo">Bytes that the server echoes, after anything it sends first, such as session tickets.</param>
    public TlsSession(Socket socket, ReadOnlySpan<byte> echo)
    {
        _records = new TlsRecords(socket);
        _stream = new SslStream(_records);
        _stream.AuthenticateAsClient(new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate?.Subject == TlsCertificate.Subject,
        });
        _stream.Write(echo);
        _stream.ReadExactly(new byte[echo.Length]);
        _records.StopWaiting();
    }

    /// <summary>Decrypts all complete records and returns the number of bytes; 0 if there are none.</summary>
    /// <param name="into">Must have room for two records of the maximum size of 16 KiB.</param>
    public int Receive(Span<byte> into)
    {
        _records.Receive();
        var length = 0;
        while (_records.HasWholeRecord)
            length += _stream.Read(into[length..]);
        return length;
    }

    public void Send(ReadOnlySpan<byte> bytes) => _stream.Write(bytes);

    public void Dispose() => _stream.Dispose();
}
