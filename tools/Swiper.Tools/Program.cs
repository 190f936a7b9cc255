using System.CommandLine;
using Swiper.Local;
using Swiper.Tools.Demo;
using Swiper.Tools.Demo.Replay;
using Swiper.Tools.ProtocolDocument;
using Swiper.Tools.Robots;
using Swiper.Tools.Top;

var root = new RootCommand("Tools behind ./swiper.")
{
    RobotsCommand.Create(),
    DemoCommand.Create(),
    DecisionsCommand.Create(),
    ProtocolCommand.Create(),
    TopCommand.Create(),
};
// After a signal, stopping databases properly takes longer than the default of two seconds.
return await ToolCommand.RunAsync(root, args, new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(30) });
