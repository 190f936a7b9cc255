using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Swiper.Peers;

var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.ClearProviders();
// HTTP/2 without TLS, which requires prior knowledge on the client.
builder.WebHost.ConfigureKestrel((context, kestrel) => kestrel.Listen(
    IPAddress.Loopback, context.Configuration.GetValue<int>("port"), listen => listen.Protocols = HttpProtocols.Http2));
builder.Services.AddGrpc();
builder.Services.AddSingleton<Town>();
// By default a service is created for every call.
builder.Services.AddSingleton<SwipingService>();

var app = builder.Build();
app.MapGrpcService<SwipingService>();
app.Run();
