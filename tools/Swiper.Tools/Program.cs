using System.CommandLine;
using Swiper.Tools.Demo;
using Swiper.Tools.ProtocolDocument;
using Swiper.Tools.Robots;

var root = new RootCommand("What ./swiper runs besides the server.")
{
    RobotsCommand.Create(),
    DemoCommand.Create(),
    ProtocolCommand.Create(),
};
return await root.Parse(args).InvokeAsync();
