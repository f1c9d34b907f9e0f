using AiGateway.Application.Switches;
using AiGateway.Domain;
using Microsoft.EntityFrameworkCore;

namespace AiGateway.Infrastructure.Persistence.Stores;

internal sealed class SwitchStore(IDbContextFactory<GatewayContext> contexts) : ISwitchStore
{
    public async Task<IReadOnlyList<SwitchedOff>> ListAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.SwitchedOff.AsNoTracking().ToListAsync(cancellationToken);
    }

    public Task SaveAsync(string provider, string model, bool isOff, DateTimeOffset at, CancellationToken cancellationToken) =>
        contexts.SaveAsync(
            async context =>
            {
                var known = await context.SwitchedOff.SingleOrDefaultAsync(each => each.Provider == provider && each.Model == model, cancellationToken);
                if (isOff && known is null) context.SwitchedOff.Add(new SwitchedOff { Provider = provider, Model = model, At = at });
                if (!isOff && known is not null) context.SwitchedOff.Remove(known);
            },
            cancellationToken);
}
