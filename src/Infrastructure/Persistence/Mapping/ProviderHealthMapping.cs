using AiGateway.Domain;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AiGateway.Infrastructure.Persistence.Mapping;

internal sealed class ProviderHealthMapping : IEntityTypeConfiguration<ProviderHealth>
{
    public void Configure(EntityTypeBuilder<ProviderHealth> builder)
    {
        builder.ToTable("provider_health");
        builder.HasKey(health => health.ProviderName).HasName("pk_provider_health");
        builder.Property(health => health.ProviderName).HasColumnName("provider_name").HasMaxLength(StoredText.NameLength);
        builder.Property(health => health.State).HasColumnName("state");
        builder.Property(health => health.LatencyMs).HasColumnName("latency_ms");
        builder.Property(health => health.CheckedAt).HasColumnName("checked_at");
        builder.Property(health => health.Problem).HasColumnName("problem").HasMaxLength(StoredText.ProblemLength);
        builder.HasOne(health => health.Provider).WithOne(provider => provider.Health)
            .HasForeignKey<ProviderHealth>(health => health.ProviderName)
            .HasConstraintName("fk_provider_health_providers").OnDelete(DeleteBehavior.Restrict);
    }
}
