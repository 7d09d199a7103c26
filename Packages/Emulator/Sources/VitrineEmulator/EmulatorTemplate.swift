// SPDX-License-Identifier: MIT OR Apache-2.0

internal import CVitrineUnicorn
@_spi(Backend) internal import VitrineHypervisor

/// A CPU at CPL 3 from which all machines of the process begin, and where Unicorn keeps what its interface hides.
@safe struct EmulatorTemplate: @unchecked Sendable {
    // Sendable: nothing writes behind the pointer after `make`, and nothing frees it.

    let pointer: OpaquePointer

    /// Made by the first machine.
    static let shared: Result<EmulatorTemplate, HypervisorError> = Result { () throws(HypervisorError) in try make() }

    private static func make() throws(HypervisorError) -> EmulatorTemplate {
        var setup = vitrine_emulator_setup()
        setup.gdt = SystemLayout.gdt
        setup.gdt_limit = UInt32(SystemLayout.gdtLimit)
        setup.idt = SystemLayout.idt
        setup.idt_limit = UInt32(SystemLayout.idtLimit)
        setup.tss = SystemLayout.tss
        setup.tss_limit = UInt32(SystemLayout.tssLimit)
        setup.cr0 = SystemLayout.cr0
        setup.cr3 = SystemLayout.pageTables
        setup.cr4 = SystemLayout.cr4
        setup.efer = SystemLayout.efer
        setup.user_code = SystemLayout.userCode
        setup.user_data = SystemLayout.userData
        setup.task_state = SystemLayout.taskState
        setup.open_port_count = UInt32(SystemLayout.openPorts.count)
        var pointer: OpaquePointer?
        // SAFETY: plain values and a list of stated length in, one pointer out.
        let status = unsafe vitrine_emulator_template_create(&setup, SystemLayout.openPorts, &pointer)
        guard status == 0, let pointer = unsafe pointer else {
            throw error(status, call: "vitrine_emulator_template_create")
        }
        return unsafe EmulatorTemplate(pointer: pointer)
    }

    /// What a status of the C functions means: ours are negative, Unicorn's positive.
    static func error(_ status: Int32, call: String) -> HypervisorError {
        switch status {
        case VITRINE_EMULATOR_NO_MEMORY: .systemCall(name: "mmap", errno: outOfMemory)
        case VITRINE_EMULATOR_NO_NX: .unavailable(.missingCapability("unicorn: EFER.NXE"))
        case VITRINE_EMULATOR_NO_USER_MODE: .unavailable(.noUsableCPUMode)
        case VITRINE_EMULATOR_NO_FAULT_DETAILS: .unavailable(.missingCapability("unicorn: error codes"))
        default: .backend(name: call, code: status)
        }
    }
}

/// ENOMEM.
private let outOfMemory: Int32 = 12
