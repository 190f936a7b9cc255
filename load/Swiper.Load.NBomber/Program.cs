using Swiper.Load.Commands;
using Swiper.Load.NBomber;

return await LoadCommand.RunAsync(args, new NBomberLoadRunner());
