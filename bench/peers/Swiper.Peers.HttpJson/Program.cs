using System.Net;
using System.Text.Json;
using Swiper.Peers;
using Swiper.Peers.HttpJson;

// Only what this API needs, as in the native AOT template: no logging, no static files.
var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.ClearProviders();
builder.WebHost.ConfigureKestrel((context, kestrel) =>
{
    kestrel.AddServerHeader = false;
    kestrel.Listen(IPAddress.Loopback, context.Configuration.GetValue<int>("port"));
});
builder.Services.ConfigureHttpJsonOptions(options => options.SerializerOptions.TypeInfoResolverChain.Insert(0, MessagesContext.Default));

var town = new Town();
var top = new CachedForASecond<byte[]>(() => JsonSerializer.SerializeToUtf8Bytes(town.Top(), MessagesContext.Default.StandingArray));

var app = builder.Build();
app.MapPost("/echo", (EchoMessage message) => new JsonReply<EchoMessage>(message, MessagesContext.Default.EchoMessage));
app.MapGet("/top", () => TypedResults.Bytes(top.Value, "application/json"));
app.MapPost("/swipe", IResult (SwipeRequest swipe) =>
    town.Swipe(swipe.Uid, swipe.Sid, swipe.Kind) is { } outcome
        ? new JsonReply<SwipeOutcome>(outcome, MessagesContext.Default.SwipeOutcome)
        : TypedResults.BadRequest());
app.Run();
