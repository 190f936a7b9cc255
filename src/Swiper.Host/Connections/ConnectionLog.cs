using System.ComponentModel;
using Swiper.Core.Diagnostics;

namespace Swiper.Host.Connections;

[EventIds(2000, 2049, "Connections")]
internal static partial class ConnectionLog
{
    [LoggerMessage(2000, LogLevel.Debug, "Connection {ConnectionId} closed: {Reason}")]
    public static partial void Refused(ILogger logger, string connectionId, string reason);

    [LoggerMessage(2001, LogLevel.Debug, "Connection {ConnectionId} timed out ({Phase})")]
    public static partial void CutOff(ILogger logger, string connectionId, string phase);

    [LoggerMessage(2002, LogLevel.Debug, "Connection {ConnectionId} closed: its client left more than {Bytes} bytes unread")]
    public static partial void Unread(ILogger logger, string connectionId, int bytes);

    [Description("clients send frames in pieces or don't read: find out whose. If they are your users', raise `Limits:Buffered`. At most "
        + "once a second")]
    [LoggerMessage(2003, LogLevel.Warning,
        "Connections hold {Bytes} bytes, more than Limits:Buffered: {Count} connections cut that hold the most, the first of {Address} "
        + "with {Most}")]
    public static partial void TooMuchBuffered(ILogger logger, long bytes, int count, string address, long most);

    [Description("of all: raise `Limits:Connections`, or run another host. Of the address: an attack, or a carrier or proxy with many "
        + "phones behind it: raise `Limits:ConnectionsPerAddress`, or for its rate "
        + "`Limits:NewConnectionsPerAddress`. At most once a second; `swiper.connections.refused` counts all")]
    [LoggerMessage(2004, LogLevel.Warning, "{Count} connections refused at the limit of {Limit}; the last one of {Address}")]
    public static partial void NoPlace(ILogger logger, int count, string limit, string address);

    [LoggerMessage(2005, LogLevel.Information, "The certificate has changed: new connections get {Subject}, valid until {NotAfter}")]
    public static partial void CertificateChanged(ILogger logger, string subject, DateTime notAfter);

    [Description("mend the files at `Tls:CertificatePath` and `Tls:KeyPath`; the host goes on with the certificate that it has, and looks "
        + "again")]
    [LoggerMessage(2006, LogLevel.Warning, "{File} has changed, and it can't be used with its key")]
    public static partial void CertificateUnusable(ILogger logger, string file, Exception exception);
}
