using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Swiper.Peers.KestrelEcho;

var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.ClearProviders();
builder.Services.Configure<SocketTransportOptions>(options =>
    options.UnsafePreferInlineScheduling = builder.Configuration.GetValue<bool>("inline"));
builder.WebHost.ConfigureKestrel((context, kestrel) => kestrel.Listen(
    IPAddress.Loopback, context.Configuration.GetValue<int>("port"), listen => listen.UseConnectionHandler<EchoHandler>()));
builder.Build().Run();
