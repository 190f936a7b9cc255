using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Swiper.Peers.KestrelEcho;

var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.ClearProviders();
builder.Services.Configure<SocketTransportOptions>(options =>
    options.UnsafePreferInlineScheduling = builder.Configuration.GetValue<bool>("inline"));
builder.WebHost.UseKestrelHttpsConfiguration();
builder.WebHost.ConfigureKestrel((context, kestrel) =>
    kestrel.Listen(IPAddress.Loopback, context.Configuration.GetValue<int>("port"), listen =>
{
    if (context.Configuration["certificate"] is { } certificate)
        listen.UseHttps(X509Certificate2.CreateFromPemFile(certificate, context.Configuration["key"]));
    listen.UseConnectionHandler<EchoHandler>();
}));
builder.Build().Run();
