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

internal sealed class ProviderHealthChangeMapping : IEntityTypeConfiguration<ProviderHealthChange>
{
    public void Configure(EntityTypeBuilder<ProviderHealthChange> builder)
    {
        builder.ToTable("provider_health_changes");
        builder.HasKey(change => change.Id).HasName("pk_provider_health_changes");
        builder.Property(change => change.Id).HasColumnName("id").ValueGeneratedNever();
        builder.Property(change => change.ProviderName).HasColumnName("provider_name").HasMaxLength(StoredText.NameLength);
        builder.Property(change => change.Model).HasColumnName("model").HasMaxLength(StoredText.NameLength);
        builder.Property(change => change.State).HasColumnName("state");
        builder.Property(change => change.Problem).HasColumnName("problem").HasMaxLength(StoredText.ProblemLength);
        builder.Property(change => change.At).HasColumnName("at");
        builder.HasIndex(change => change.At).HasDatabaseName("ix_provider_health_changes_at");
    }
}
