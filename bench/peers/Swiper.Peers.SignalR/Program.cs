using System.Net;
using Microsoft.AspNetCore.Http.Connections;
using Swiper.Peers;
using Swiper.Peers.SignalR;

var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.ClearProviders();
builder.WebHost.ConfigureKestrel((context, kestrel) => kestrel.Listen(IPAddress.Loopback, context.Configuration.GetValue<int>("port")));
builder.Services.AddSignalR()
    .AddJsonProtocol(options => options.PayloadSerializerOptions.TypeInfoResolverChain.Insert(0, MessagesContext.Default));
builder.Services.AddSingleton<Town>();
builder.Services.AddSingleton(services => new CachedForASecond<Standing[]>(services.GetRequiredService<Town>().Top));

var app = builder.Build();
app.MapHub<SwipingHub>("/swiping", options => options.Transports = HttpTransportType.WebSockets);
app.Run();
