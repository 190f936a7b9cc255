using System.CommandLine;
using Swiper.Local;
using Swiper.Tools.Demo;
using Swiper.Tools.Demo.Replay;
using Swiper.Tools.ProtocolDocument;
using Swiper.Tools.Robots;

var root = new RootCommand("What ./swiper runs besides the server.")
{
    RobotsCommand.Create(),
    DemoCommand.Create(),
    DecisionsCommand.Create(),
    ProtocolCommand.Create(),
};
// After a signal, ending databases properly takes longer than the two seconds that a command is given by default.
return await ToolCommand.RunAsync(root, args, new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(30) });
