using AiGateway.Application.Administration;
using AiGateway.Domain;

namespace AiGateway.Application.Switches;

/// <summary>Which providers and models an administrator switched off.</summary>
public interface ISwitchStore
{
    /// <summary>All of them.</summary>
    Task<IReadOnlyList<SwitchedOff>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Switches a provider or a model off or on; repeating it changes nothing.</summary>
    /// <param name="provider">The provider's name.</param>
    /// <param name="model">The model; empty: the whole provider.</param>
    /// <param name="isOff">Whether it is off from now on.</param>
    /// <param name="by">The administrator.</param>
    /// <param name="at">When.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    Task SaveAsync(string provider, string model, bool isOff, Actor by, DateTimeOffset at, CancellationToken cancellationToken);
}
