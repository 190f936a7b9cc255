using Swiper.Host.Restarts;

namespace Swiper.Host.Web;

/// <summary>`restart`: GET `process`, and POST `restart`, which answers once the next process is ready.</summary>
internal sealed class RestartOperations(Replacement replacement) : IOperations
{
    public void Map(RouteGroupBuilder routes)
    {
        routes.MapGet("process", Own);
        routes.MapPost("restart", async () =>
        {
            try
            {
                await replacement.BeginAsync();
                return Own();
            }
            catch (RestartException refused)
            {
                throw new OperationException(StatusCodes.Status409Conflict, refused.Message);
            }
        });
    }

    private ServingProcess Own() => new(Environment.ProcessId, replacement.SuccessorId);
}

/// <param name="Id">The process that answers.</param>
/// <param name="Successor">The one that it hands over to; null if there is none.</param>
internal sealed record ServingProcess(int Id, int? Successor);
