using Swiper.Load.Commands;
using Swiper.Load.Neighbour;
using Swiper.Load.Running;

if (args is [ChildWorker.Command])
{
    await WorkerProcess.RunAsync(Console.In, Console.Out);
    return ExitCode.Passed;
}
if (args is [AttackProcess.Command])
{
    await AttackProcess.RunAsync(Console.In);
    return ExitCode.Passed;
}
if (args is [NeighbourCommand.Name, .. var rest])
    return await NeighbourCommand.RunAsync(rest);
return await LoadCommand.RunAsync(args, new OwnRunner());
