using System.Net.Security;
using System.Net.Sockets;
using Swiper.Compare.Processes;

namespace Swiper.Compare.Load;

/// <summary>
/// TLS on a load connection: .NET's own, whichever server is at the other end. It waits for nothing once it is open: what was received
/// is deciphered when a record is whole.
/// </summary>
internal sealed class TlsSession : IDisposable
{
    private readonly TlsRecords _records;
    private readonly SslStream _stream;

    /// <param name="socket">Connected; it stays the caller's.</param>
    /// <param name="echo">Bytes that the server gives back. With them comes whatever it has to say first, such as session tickets.</param>
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

    /// <summary>The bytes of all records that are whole; 0 when there are none yet.</summary>
    /// <param name="into">Has room for two of the largest records, of 16 KiB.</param>
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
