using AiGateway.Application.Administration;
using AiGateway.Application.Switches;
using AiGateway.Domain;
using AiGateway.Infrastructure.Persistence.Audit;
using Microsoft.EntityFrameworkCore;

namespace AiGateway.Infrastructure.Persistence.Stores;

internal sealed class SwitchStore(IDbContextFactory<GatewayContext> contexts) : ISwitchStore
{
    public Task<IReadOnlyList<SwitchedOff>> ListAsync(CancellationToken cancellationToken) => contexts.ReadAsync(
        "SELECT provider, model, at FROM switched_off",
        [],
        static row => new SwitchedOff
        {
            Provider = row.GetString(0),
            Model = row.GetString(1),
            At = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(2)),
        },
        cancellationToken);

    public Task SaveAsync(string provider, string model, bool isOff, Actor by, DateTimeOffset at, CancellationToken cancellationToken) =>
        contexts.ChangeAsync(
            by,
            at,
            async (context, attempt) =>
            {
                var known = await context.SwitchedOff.SingleOrDefaultAsync(each => each.Provider == provider && each.Model == model, attempt);
                if (isOff && known is null) context.SwitchedOff.Add(new SwitchedOff { Provider = provider, Model = model, At = at });
                if (!isOff && known is not null) context.SwitchedOff.Remove(known);
                return new Audited<bool>(isOff, ToChange(provider, model, wasOff: known is not null, isOff));
            },
            cancellationToken);

    private static AuditedChange ToChange(string provider, string model, bool wasOff, bool isOff)
    {
        var (kind, id) = model.Length == 0 ? (AdminTargets.Provider, provider) : (AdminTargets.Model, $"{provider}/{model}");
        return new(AdminActions.SwitchProvider, kind, id, new SwitchState(!wasOff), new SwitchState(!isOff));
    }
}
